package network.tachi.contracts.event;

import java.math.BigInteger;
import java.util.List;
import network.tachi.evm.AbiEvent;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;

/**
 * Events of DisputeResolver (wire.md section 7). The {@code long} numbers are unsigned 64-bit
 * values; times are seconds since 1970.
 */
public sealed interface DisputeEvent extends TachiEvent {
  /** A crawler disputed payments. */
  record DisputeOpened(
      BigInteger disputeId,
      LicenseId licenseId,
      Address crawler,
      List<Hash> paymentIds,
      UsdcAmount amount,
      Hash evidenceHash,
      String evidenceURI,
      long answerBy)
      implements DisputeEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI =
        AbiEvent.of(
            "DisputeOpened(uint256,uint256,address,bytes32[],uint256,bytes32,string,uint64)", 3);

    /** Copies the lists. */
    public DisputeOpened {
      paymentIds = List.copyOf(paymentIds);
    }
  }

  /** The publisher answered. */
  record DisputeAnswered(
      BigInteger disputeId, Hash evidenceHash, String evidenceURI, long escalateBy)
      implements DisputeEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI =
        AbiEvent.of("DisputeAnswered(uint256,bytes32,string,uint64)", 1);
  }

  /** The crawler asked the arbiter to rule. */
  record DisputeEscalated(BigInteger disputeId, long ruleBy) implements DisputeEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("DisputeEscalated(uint256,uint64)", 1);
  }

  /**
   * A dispute ended. Outcome 1 refunded, 2 released; cause 1 accepted, 2 no answer, 3 not
   * escalated, 4 ruled, 5 not ruled.
   */
  record DisputeResolved(BigInteger disputeId, int outcome, int cause) implements DisputeEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("DisputeResolved(uint256,uint8,uint8)", 1);
  }
}
