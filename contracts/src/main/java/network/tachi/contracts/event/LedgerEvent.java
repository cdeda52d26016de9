package network.tachi.contracts.event;

import java.util.List;
import network.tachi.contracts.wire.EpochBody;
import network.tachi.evm.AbiEvent;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;

/**
 * Events of MeteringLedger (wire.md section 7). The {@code long} numbers are unsigned 64-bit
 * values; times are seconds since 1970.
 */
public sealed interface LedgerEvent extends TachiEvent {
  /** An epoch header was posted and waits. */
  record HeaderPosted(
      long epoch,
      long generation,
      Hash headerHash,
      Hash prevHeaderHash,
      Hash configDigest,
      EpochBody body,
      long finalisableAt)
      implements LedgerEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI =
        AbiEvent.of(
            "HeaderPosted(uint64,uint64,bytes32,bytes32,bytes32,(uint64,bytes32,uint64,bytes32,uint64,bytes32,uint128,uint128,bytes32,bytes32,uint64),uint64)",
            3);
  }

  /** A header became final. */
  record HeaderFinalised(long epoch, Hash headerHash) implements LedgerEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("HeaderFinalised(uint64,bytes32)", 2);
  }

  /** A challenge voided a header. */
  record HeaderVoided(long epoch, long generation, Hash headerHash) implements LedgerEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("HeaderVoided(uint64,uint64,bytes32)", 3);
  }

  /**
   * A challenge was won; the number is that of wire.md section 6, that of an expired demand
   * included.
   */
  record ChallengeWon(int challenge, long epoch, Address challenger, UsdcAmount reward)
      implements LedgerEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("ChallengeWon(uint8,uint64,address,uint256)", 3);
  }

  /** The generation rose: the log goes on from the last good epoch. */
  record GenerationRaised(long generation, long lastGoodEpoch) implements LedgerEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("GenerationRaised(uint64,uint64)", 0);
  }

  /** A licence claimed what it had earned. */
  record Claimed(
      LicenseId licenseId, Address payout, long epoch, UsdcAmount amount, UsdcAmount cumulative)
      implements LedgerEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI =
        AbiEvent.of("Claimed(uint256,address,uint64,uint256,uint256)", 3);
  }

  /** The bond grew. */
  record BondDeposited(Address from, UsdcAmount amount, UsdcAmount bond) implements LedgerEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("BondDeposited(address,uint256,uint256)", 1);
  }

  /** A withdrawal of bond was announced. */
  record BondNotice(UsdcAmount amount, long withdrawableAt) implements LedgerEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("BondNotice(uint256,uint64)", 0);
  }

  /** Headers that are posted from a time on are pending for so many seconds. */
  record WindowScheduled(long windowSeconds, long effectiveAt) implements LedgerEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("WindowScheduled(uint64,uint64)", 0);
  }

  /** The bond was withdrawn in part. */
  record BondWithdrawn(Address to, UsdcAmount amount, UsdcAmount bond) implements LedgerEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("BondWithdrawn(address,uint256,uint256)", 1);
  }

  /** The bond was slashed. */
  record BondSlashed(UsdcAmount amount, UsdcAmount bond) implements LedgerEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("BondSlashed(uint256,uint256)", 0);
  }

  /** A signer configuration was proposed. */
  record SignerConfigProposed(
      long version,
      Hash configDigest,
      int threshold,
      List<Address> signers,
      Address attestationKey,
      long effectiveAt)
      implements LedgerEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI =
        AbiEvent.of("SignerConfigProposed(uint64,bytes32,uint8,address[],address,uint64)", 1);

    /** Copies the lists. */
    public SignerConfigProposed {
      signers = List.copyOf(signers);
    }
  }

  /** A signer configuration took effect. */
  record SignerConfigActivated(long version, Hash configDigest) implements LedgerEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("SignerConfigActivated(uint64,bytes32)", 1);
  }

  /** An attestation key lost its power. */
  record AttestationKeyDropped(long version, Address attestationKey) implements LedgerEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("AttestationKeyDropped(uint64,address)", 1);
  }

  /**
   * Somebody asked something about a pending header (wire.md section 6).
   *
   * @param kind 1 a line, 2 a reference, 4 a leaf of a settlement tree, 9 a voucher
   * @param subject what was asked for; words by kind
   * @param answerBy the last second for an answer
   */
  record DemandOpened(
      Hash demandId,
      Hash headerHash,
      int kind,
      Address asker,
      Bytes subject,
      UsdcAmount fee,
      long answerBy)
      implements LedgerEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI =
        AbiEvent.of("DemandOpened(bytes32,bytes32,uint8,address,bytes,uint256,uint64)", 3);
  }

  /** A demand was answered in time. */
  record DemandAnswered(Hash demandId, Address answerer) implements LedgerEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("DemandAnswered(bytes32,address)", 2);
  }

  /** A demand ended without an answer, or because its header was voided by something else. */
  record DemandExpired(Hash demandId) implements LedgerEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("DemandExpired(bytes32)", 1);
  }

  /** The parties of a voided header may claim from what the challenger did not get. */
  record PotOpened(Hash headerHash, UsdcAmount amount) implements LedgerEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("PotOpened(bytes32,uint256)", 1);
  }

  /** A pair of a voided header got its part of the lost bond. */
  record HarmPaid(
      Hash headerHash,
      Address crawler,
      LicenseId licenseId,
      UsdcAmount crawlerAmount,
      UsdcAmount licenseAmount)
      implements LedgerEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI =
        AbiEvent.of("HarmPaid(bytes32,address,uint256,uint256,uint256)", 3);
  }

  /** The time for claims to a lost bond is over; what remained is insurance. */
  record PotClosed(Hash headerHash, UsdcAmount remainder) implements LedgerEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("PotClosed(bytes32,uint256)", 1);
  }

  /**
   * Insurance paid what a crawler is finally billed beyond its deposits.
   *
   * @param insurance what is left of it
   */
  record OverdrawCovered(Address crawler, UsdcAmount amount, UsdcAmount insurance)
      implements LedgerEvent {
    /** Signature and topic. */
    public static final AbiEvent ABI = AbiEvent.of("OverdrawCovered(address,uint256,uint256)", 1);
  }
}
