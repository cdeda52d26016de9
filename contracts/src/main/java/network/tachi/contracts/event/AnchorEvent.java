package network.tachi.contracts.event;

import network.tachi.evm.AbiEvent;
import network.tachi.evm.Hash;

/**
 * Events of HeaderAnchor (wire.md section 7). The {@code long} numbers are unsigned 64-bit values;
 * times are seconds since 1970.
 */
public sealed interface AnchorEvent extends TachiEvent {
  /** A header was anchored. */
  record HeaderAnchored(
      long epoch,
      long generation,
      Hash headerHash,
      Hash prevHeaderHash,
      Hash configDigest,
      Hash bodyHash)
      implements AnchorEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI =
        AbiEvent.of("HeaderAnchored(uint64,uint64,bytes32,bytes32,bytes32,bytes32)", 3);
  }
}
