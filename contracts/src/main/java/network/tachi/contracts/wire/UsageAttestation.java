package network.tachi.contracts.wire;

import network.tachi.evm.Address;
import network.tachi.evm.Eip712;
import network.tachi.evm.Hash;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.WordBuffer;

/**
 * One line of the usage log, signed by the attestation key of a signer configuration (wire.md
 * section 3). It holds whatever the wire can hold, lies included, because challenges are made of
 * them; {@link #direct} and {@link #credit} build honest lines. The {@code long} numbers are
 * unsigned.
 *
 * @param generation of the ledger
 * @param logIndex place in the log, from 0
 * @param configVersion the signer configuration whose attestation key signs
 * @param rail code of the {@link Rail}, 0 to 255
 * @param crawler who pays
 * @param licenseId who is paid
 * @param contentId salted hash of the URL
 * @param requestId unique for the pair
 * @param units how much was served
 * @param unitPrice price of a unit
 * @param pairSeq CREDIT: counts 1, 2, 3 ... within the pair; DIRECT: 0
 * @param pairPrevIndex log index of the pair's line before; {@link WireIds#NONE} if there is none
 * @param pairCumulative CREDIT: all that was charged to the pair, this line included; DIRECT: 0
 * @param paymentRef CREDIT: a voucher's hash; DIRECT: the payment id
 * @param issuedAtMs milliseconds since 1970; informs only
 */
public record UsageAttestation(
    long generation,
    long logIndex,
    long configVersion,
    int rail,
    Address crawler,
    LicenseId licenseId,
    Hash contentId,
    Hash requestId,
    long units,
    UsdcAmount unitPrice,
    long pairSeq,
    long pairPrevIndex,
    UsdcAmount pairCumulative,
    Hash paymentRef,
    long issuedAtMs) {
  /** The EIP-712 type hash. */
  public static final Hash TYPE_HASH =
      Eip712.typeHash(
          "UsageAttestation(uint64 generation,uint64 logIndex,uint64 configVersion,uint8"
              + " rail,address crawler,uint256 licenseId,bytes32 contentId,bytes32 requestId,uint64"
              + " units,uint128 unitPrice,uint64 pairSeq,uint64 pairPrevIndex,uint128"
              + " pairCumulative,bytes32 paymentRef,uint64 issuedAtMs)");

  /** The number of words of the ABI encoding. */
  public static final int WORDS = 15;

  /** Checks the range of the rail's code. */
  public UsageAttestation {
    if (rail < 0 || rail > 0xff) {
      throw new InvalidValueException("rail", "0 to 255", Integer.toString(rail));
    }
  }

  /** Where a line stands: the ledger's generation, the log index and the signer configuration. */
  public record Position(long generation, long logIndex, long configVersion) {}

  /** What was served to whom at which price. */
  public record Service(
      Address crawler,
      LicenseId licenseId,
      Hash contentId,
      Hash requestId,
      long units,
      UsdcAmount unitPrice) {
    /** Units x unit price. */
    public UsdcAmount amount() {
      return unitPrice.times(units);
    }
  }

  /** The last CREDIT line of a pair: what the next one is chained to. */
  public record PairTip(long pairSeq, long logIndex, UsdcAmount cumulative) {
    /** The state of a pair without lines. */
    public static final PairTip NONE = new PairTip(0, WireIds.NONE, UsdcAmount.ZERO);
  }

  /** A line for a request that was paid on chain. */
  public static UsageAttestation direct(
      Position at, Service service, Hash paymentId, long issuedAtMs) {
    return of(
        at,
        Rail.DIRECT,
        service,
        new PairTip(0, WireIds.NONE, UsdcAmount.ZERO),
        paymentId,
        issuedAtMs);
  }

  /**
   * A line for a request that is charged to a voucher.
   *
   * @param tip the pair's line before
   * @param voucherHash of a voucher whose ceiling covers the new total
   */
  public static UsageAttestation credit(
      Position at, Service service, PairTip tip, Hash voucherHash, long issuedAtMs) {
    PairTip chained =
        new PairTip(
            Math.addExact(tip.pairSeq(), 1),
            tip.logIndex(),
            tip.cumulative().plus(service.amount()));
    return of(at, Rail.CREDIT, service, chained, voucherHash, issuedAtMs);
  }

  private static UsageAttestation of(
      Position at, Rail rail, Service service, PairTip pair, Hash paymentRef, long issuedAtMs) {
    return new UsageAttestation(
        at.generation(),
        at.logIndex(),
        at.configVersion(),
        rail.code(),
        service.crawler(),
        service.licenseId(),
        service.contentId(),
        service.requestId(),
        service.units(),
        service.unitPrice(),
        pair.pairSeq(),
        pair.logIndex(),
        pair.cumulative(),
        paymentRef,
        issuedAtMs);
  }

  /** Whether the rail is CREDIT. */
  public boolean isCredit() {
    return rail == Rail.CREDIT.code();
  }

  /** Units x unit price. */
  public UsdcAmount amount() {
    return unitPrice.times(units);
  }

  /** What the next CREDIT line of the pair is chained to, given this CREDIT line. */
  public PairTip tip() {
    return new PairTip(pairSeq, logIndex, pairCumulative);
  }

  /** The struct's hash, without domain. */
  public Hash structHash() {
    return writeTo(WordBuffer.struct(TYPE_HASH, WORDS)).keccak();
  }

  /** What the attestation key signs. */
  public Hash digest(WireDomain.Metering domain) {
    return Eip712.digest(domain.separator(), structHash());
  }

  /** The hash of this line as a leaf of the usage log. */
  public Hash leafHash() {
    return LogTree.leafHash(structHash());
  }

  /** Writes the {@link #WORDS} words of {@code abi.encode} to a buffer. */
  public WordBuffer writeTo(WordBuffer words) {
    return words
        .uint64(generation)
        .uint64(logIndex)
        .uint64(configVersion)
        .uint(rail)
        .address(crawler)
        .license(licenseId)
        .hash(contentId)
        .hash(requestId)
        .uint64(units)
        .amount(unitPrice)
        .uint64(pairSeq)
        .uint64(pairPrevIndex)
        .amount(pairCumulative)
        .hash(paymentRef)
        .uint64(issuedAtMs);
  }
}
