package network.tachi.testkit.chain;

import java.nio.charset.StandardCharsets;
import java.util.List;
import network.tachi.evm.Abi;
import network.tachi.evm.AbiEvent;
import network.tachi.evm.AbiValue;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.WordBuffer;

/**
 * Logs of Tachi's contracts (wire.md section 7). Written apart from the decoders of {@code
 * contracts}, where a test holds one against the other.
 */
public final class Events {
  private static final Hash LICENSE_MINTED = topic("LicenseMinted(address,uint256,string)");
  private static final Hash LICENSE_DEACTIVATED = topic("LicenseDeactivated(uint256)");
  private static final Hash LICENSE_REACTIVATED = topic("LicenseReactivated(uint256)");
  private static final Hash TERMS_URI_UPDATED = topic("TermsURIUpdated(uint256,string)");
  private static final Hash TRANSFER = topic("Transfer(address,address,uint256)");
  private static final Hash DOMAIN_CLAIMED = topic("DomainClaimed(uint256,bytes32,string)");
  private static final Hash DOMAIN_VERIFIED = topic("DomainVerified(uint256,bytes32)");
  private static final Hash PAYMENT_MADE =
      topic("PaymentMade(bytes32,uint256,address,uint256,bytes32,uint8,uint64)");
  private static final Hash PAYMENT_HELD = topic("PaymentHeld(bytes32)");
  private static final Hash PAYMENT_RELEASED = topic("PaymentReleased(bytes32)");
  private static final Hash PAYMENT_REFUNDED = topic("PaymentRefunded(bytes32,address,uint256)");
  private static final Hash WITHDRAWN = topic("Withdrawn(uint256,address,uint256,uint256)");
  private static final Hash DISPUTE_OPENED =
      topic("DisputeOpened(uint256,uint256,address,bytes32[],uint256,bytes32,string,uint64)");
  private static final Hash DISPUTE_RESOLVED = topic("DisputeResolved(uint256,uint8,uint8)");

  private Events() {}

  /** {@code LicenseMinted} of CrawlLicense. */
  public static PlannedLog licenseMinted(
      Address contract, Address publisher, long licenseId, String termsUri) {
    return log(
        contract,
        List.of(LICENSE_MINTED, publisher.toWord(), Hash.ofUint(licenseId)),
        Abi.string(termsUri));
  }

  /** {@code Transfer} of CrawlLicense at a mint. */
  public static PlannedLog mintTransfer(Address contract, Address publisher, long licenseId) {
    return log(contract, List.of(TRANSFER, Hash.ZERO, publisher.toWord(), Hash.ofUint(licenseId)));
  }

  /** {@code LicenseDeactivated} or {@code LicenseReactivated} of CrawlLicense. */
  public static PlannedLog licenseSwitched(Address contract, long licenseId, boolean on) {
    return log(
        contract, List.of(on ? LICENSE_REACTIVATED : LICENSE_DEACTIVATED, Hash.ofUint(licenseId)));
  }

  /** {@code TermsURIUpdated} of CrawlLicense. */
  public static PlannedLog termsUriUpdated(Address contract, long licenseId, String termsUri) {
    return log(contract, List.of(TERMS_URI_UPDATED, Hash.ofUint(licenseId)), Abi.string(termsUri));
  }

  /** {@code DomainClaimed} of CrawlLicense. */
  public static PlannedLog domainClaimed(Address contract, long licenseId, String domain) {
    return log(
        contract,
        List.of(DOMAIN_CLAIMED, Hash.ofUint(licenseId), domainHash(domain)),
        Abi.string(domain));
  }

  /** {@code DomainVerified} of CrawlLicense. */
  public static PlannedLog domainVerified(Address contract, long licenseId, String domain) {
    return log(contract, List.of(DOMAIN_VERIFIED, Hash.ofUint(licenseId), domainHash(domain)));
  }

  private static Hash domainHash(String domain) {
    return Keccak.hash(domain.getBytes(StandardCharsets.UTF_8));
  }

  /** {@code PaymentMade} of PaymentProcessor. */
  public static PlannedLog paymentMade(Address contract, Payment payment) {
    byte[] data =
        new WordBuffer(4)
            .uint(payment.amount())
            .hash(payment.nonce())
            .uint(payment.method())
            .uint(payment.paidAt())
            .toBytes();
    return new PlannedLog(
        contract,
        List.of(
            PAYMENT_MADE, payment.id(), Hash.ofUint(payment.licenseId()), payment.payer().toWord()),
        Bytes.wrap(data));
  }

  /** {@code PaymentHeld} of PaymentProcessor. */
  public static PlannedLog paymentHeld(Address contract, Hash paymentId) {
    return log(contract, List.of(PAYMENT_HELD, paymentId));
  }

  /** {@code PaymentReleased} of PaymentProcessor. */
  public static PlannedLog paymentReleased(Address contract, Hash paymentId) {
    return log(contract, List.of(PAYMENT_RELEASED, paymentId));
  }

  /** {@code PaymentRefunded} of PaymentProcessor. */
  public static PlannedLog paymentRefunded(Address contract, Payment payment) {
    return log(
        contract,
        List.of(PAYMENT_REFUNDED, payment.id(), payment.payer().toWord()),
        Abi.uint256(payment.amount()));
  }

  /** {@code Withdrawn} of PaymentProcessor. */
  public static PlannedLog withdrawn(
      Address contract, long licenseId, Address payout, long amount, long fee) {
    return log(
        contract,
        List.of(WITHDRAWN, Hash.ofUint(licenseId), payout.toWord()),
        Abi.uint256(amount),
        Abi.uint256(fee));
  }

  /** {@code DisputeOpened} of DisputeResolver, about one payment. */
  public static PlannedLog disputeOpened(
      Address contract, long disputeId, Payment payment, Hash evidence, long answerBy) {
    return log(
        contract,
        List.of(
            DISPUTE_OPENED,
            Hash.ofUint(disputeId),
            Hash.ofUint(payment.licenseId()),
            payment.payer().toWord()),
        Abi.bytes32Array(List.of(payment.id())),
        Abi.uint256(payment.amount()),
        Abi.bytes32(evidence),
        Abi.string("ipfs://evidence/" + disputeId),
        Abi.uint(64, answerBy));
  }

  /** {@code DisputeResolved} of DisputeResolver. */
  public static PlannedLog disputeResolved(
      Address contract, long disputeId, int outcome, int cause) {
    return log(
        contract,
        List.of(DISPUTE_RESOLVED, Hash.ofUint(disputeId)),
        Abi.uint(8, outcome),
        Abi.uint(8, cause));
  }

  private static PlannedLog log(Address contract, List<Hash> topics, AbiValue... data) {
    return new PlannedLog(contract, topics, Abi.encode(data));
  }

  private static Hash topic(String signature) {
    return AbiEvent.of(signature, 0).topic0();
  }
}
