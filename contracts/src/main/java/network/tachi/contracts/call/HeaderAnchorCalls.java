package network.tachi.contracts.call;

import network.tachi.contracts.wire.EpochHeader;
import network.tachi.contracts.wire.QuorumSignature;
import network.tachi.evm.Abi;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;

/** Calls of {@code HeaderAnchor}. */
public final class HeaderAnchorCalls {
  private static final int PREFIX_SIZE = 24;

  private HeaderAnchorCalls() {}

  /**
   * The latest anchored header.
   *
   * @param epoch 0 if there is none
   * @param generation of the header
   * @param headerHashPrefix the first 24 bytes of its hash
   */
  public record Latest(long epoch, long generation, Bytes headerHashPrefix) {
    /** Whether this is the header with the given hash. */
    public boolean is(Hash headerHash) {
      return Bytes.wrap(headerHash.toBytes()).slice(0, PREFIX_SIZE).equals(headerHashPrefix);
    }
  }

  /** Anchors a header; the same header again does nothing. Anyone. */
  public static Bytes anchor(EpochHeader header, QuorumSignature quorum) {
    return Abi.call(
        "anchor",
        WireAbi.header(header),
        WireAbi.uint32(quorum.bitmap()),
        Abi.bytes(quorum.signatures()));
  }

  /** The latest anchored header. */
  public static View<Latest> latest() {
    return new View<>(
        Abi.call("latest"),
        r -> new Latest(r.uint64(0), r.uint64(1), r.fixedBytes(2, PREFIX_SIZE)));
  }
}
