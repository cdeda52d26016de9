package network.tachi.gateway;

import static java.util.Objects.requireNonNull;
import static network.tachi.store.jooq.chain.Tables.SIGNER_CONFIG_CURRENT;
import static network.tachi.store.jooq.metering.Tables.VOUCHER_KNOWN;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.contracts.wire.Rail;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.contracts.wire.WireDomain;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.InvalidSignatureException;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Signature;
import network.tachi.evm.UsdcAmount;
import network.tachi.proto.v1.Attestation;
import network.tachi.proto.v1.SignedAttestation;
import network.tachi.proto.v1.UsageEntry;
import network.tachi.store.Database;

/**
 * Checks an attestation before its content is handed out: it must be signed by the attestation key
 * of its signer configuration, say what was reported, and charge no more than the crawler agreed
 * to.
 */
final class AttestationCheck {
  private static final Duration KEY_FRESHNESS = Duration.ofSeconds(5);

  private final Database database;
  private final ChainId chain;
  private final WireDomain.Metering domain;
  private final WireDomain.Credit creditDomain;
  private final KnownKeys keys;
  private final VoucherVerifier vouchers;
  private final Cache<Long, Optional<Address>> attestationKeys =
      Caffeine.newBuilder().expireAfterWrite(KEY_FRESHNESS).maximumSize(100).build();

  AttestationCheck(
      Database database, Settlement settlement, KnownKeys keys, VoucherVerifier vouchers) {
    this.database = requireNonNull(database, "database is null");
    this.chain = settlement.chain();
    this.domain = settlement.meteringDomain();
    this.creditDomain = settlement.creditDomain();
    this.keys = requireNonNull(keys, "keys is null");
    this.vouchers = requireNonNull(vouchers, "vouchers is null");
  }

  /** What is wrong with an attestation of a reported CREDIT entry; empty if nothing is. */
  Optional<String> problem(SignedAttestation signed, UsageEntry reported) {
    UsageAttestation attestation;
    Signature signature;
    try {
      attestation = read(signed.getAttestation());
      signature = Signature.parse(signed.getSignature());
    } catch (InvalidValueException | InvalidSignatureException | NumberFormatException e) {
      return Optional.of("it is malformed: " + e.getMessage());
    }
    Optional<Address> key = attestationKey(attestation.configVersion());
    if (key.isEmpty()) {
      return Optional.of("no signer configuration " + attestation.configVersion() + " is in force");
    }
    if (!keys.verify(attestation.digest(domain), signature, key.get())) {
      return Optional.of("it is not signed by the attestation key " + key.get());
    }
    return content(attestation, reported);
  }

  private Optional<String> content(UsageAttestation a, UsageEntry reported) {
    boolean same =
        a.rail() == Rail.CREDIT.code()
            && a.crawler().toString().equals(reported.getCrawler())
            && a.licenseId().toString().equals(reported.getLicenseId())
            && a.contentId().toString().equals(reported.getContentId())
            && a.requestId().toString().equals(reported.getRequestId())
            && Long.toUnsignedString(a.units()).equals(reported.getUnits())
            && a.unitPrice().toString().equals(reported.getUnitPrice());
    if (!same) {
      return Optional.of("it says something else than was reported");
    }
    if (a.pairSeq() == 0 || a.pairCumulative().compareTo(a.amount()) < 0) {
      return Optional.of("its pair chain is broken");
    }
    return isCovered(a, reported)
        ? Optional.empty()
        : Optional.of("no known voucher " + a.paymentRef() + " covers " + a.pairCumulative());
  }

  /**
   * By the voucher that was reported, or by a higher one that the oracle got with another request,
   * perhaps from another gateway.
   */
  private boolean isCovered(UsageAttestation a, UsageEntry reported) {
    CrawlVoucher voucher =
        new CrawlVoucher(
            a.crawler(),
            a.licenseId(),
            UsdcAmount.parse(reported.getVoucher().getCumulativeMax()),
            Hash.parse(reported.getVoucher().getTermsHash()));
    if (voucher.digest(creditDomain).equals(a.paymentRef())) {
      return covers(voucher, a);
    }
    return vouchers
        .find(a.paymentRef())
        .map(known -> covers(known, a))
        .orElseGet(() -> isKnownToTheOracle(a));
  }

  private static boolean covers(CrawlVoucher voucher, UsageAttestation a) {
    return voucher.crawler().equals(a.crawler())
        && voucher.licenseId().equals(a.licenseId())
        && a.pairCumulative().compareTo(voucher.cumulativeMax()) <= 0;
  }

  private boolean isKnownToTheOracle(UsageAttestation a) {
    return database
        .dsl()
        .fetchExists(
            VOUCHER_KNOWN,
            VOUCHER_KNOWN
                .VOUCHER_HASH
                .eq(a.paymentRef())
                .and(VOUCHER_KNOWN.CRAWLER.eq(a.crawler()))
                .and(VOUCHER_KNOWN.LICENSE_ID.eq(a.licenseId().value()))
                .and(VOUCHER_KNOWN.CUMULATIVE_MAX.ge(a.pairCumulative())));
  }

  private Optional<Address> attestationKey(long configVersion) {
    return attestationKeys.get(
        configVersion,
        version ->
            database
                .dsl()
                .select(SIGNER_CONFIG_CURRENT.ATTESTATION_KEY)
                .from(SIGNER_CONFIG_CURRENT)
                .where(
                    SIGNER_CONFIG_CURRENT.CHAIN_ID.eq(chain.value()),
                    SIGNER_CONFIG_CURRENT.VERSION.eq(version),
                    SIGNER_CONFIG_CURRENT.ACTIVATED.eq(true),
                    SIGNER_CONFIG_CURRENT.KEY_DROPPED.eq(false))
                .limit(1)
                .fetchOptional(SIGNER_CONFIG_CURRENT.ATTESTATION_KEY));
  }

  private static UsageAttestation read(Attestation a) {
    return new UsageAttestation(
        Long.parseUnsignedLong(a.getGeneration()),
        Long.parseUnsignedLong(a.getLogIndex()),
        Long.parseUnsignedLong(a.getConfigVersion()),
        a.getRailValue(),
        Address.parse(a.getCrawler()),
        LicenseId.parse(a.getLicenseId()),
        Hash.parse(a.getContentId()),
        Hash.parse(a.getRequestId()),
        Long.parseUnsignedLong(a.getUnits()),
        UsdcAmount.parse(a.getUnitPrice()),
        Long.parseUnsignedLong(a.getPairSeq()),
        Long.parseUnsignedLong(a.getPairPrevIndex()),
        UsdcAmount.parse(a.getPairCumulative()),
        Hash.parse(a.getPaymentRef()),
        Long.parseUnsignedLong(a.getIssuedAtMs()));
  }
}
