package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.contracts.wire.UsageAttestation.Service;
import network.tachi.contracts.wire.WireDomain;
import network.tachi.evm.Address;
import network.tachi.evm.AmountOverflowException;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.InvalidSignatureException;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Secp256k1;
import network.tachi.evm.Signature;
import network.tachi.evm.Uint256;
import network.tachi.evm.UsdcAmount;
import network.tachi.proto.v1.DirectPayment;
import network.tachi.proto.v1.UsageEntry;
import network.tachi.proto.v1.Voucher;

/**
 * The first rule, code {@code malformed}: an entry on the wire becomes a {@link PaidRequest}, or is
 * refused.
 */
final class EntryParser {
  /** The code of this rule. */
  static final String CODE = "malformed";

  private static final int SIGNATURE_DIGITS = 2 + 2 * Signature.SIZE;

  private final WireDomain.Credit domain;
  private final Secp256k1 curve;

  EntryParser(WireDomain.Credit domain, Secp256k1 curve) {
    this.domain = requireNonNull(domain, "domain is null");
    this.curve = requireNonNull(curve, "curve is null");
  }

  /** What an entry was read as. */
  sealed interface Parsed {
    /** A well-formed entry. */
    record Well(PaidRequest request) implements Parsed {
      public Well {
        requireNonNull(request, "request is null");
      }
    }

    /** One that is refused. */
    record Malformed(Refusal refusal) implements Parsed {
      public Malformed {
        requireNonNull(refusal, "refusal is null");
      }
    }
  }

  /** Reads an entry. */
  Parsed parse(UsageEntry entry) {
    try {
      return switch (entry.getRail()) {
        case CREDIT -> new Parsed.Well(credit(entry));
        case DIRECT -> new Parsed.Well(direct(entry));
        case RAIL_UNSPECIFIED, UNRECOGNIZED -> malformed("rail: expected DIRECT or CREDIT");
      };
    } catch (InvalidValueException | InvalidSignatureException | AmountOverflowException e) {
      return malformed(String.valueOf(e.getMessage()));
    }
  }

  private static Parsed malformed(String message) {
    return new Parsed.Malformed(new Refusal(CODE, message));
  }

  private CreditRequest credit(UsageEntry entry) {
    Service service = service(entry);
    if (service.amount().isZero()) {
      throw new InvalidValueException("unit_price", "more than 0 on CREDIT", entry.getUnitPrice());
    }
    if (!entry.hasVoucher() || entry.hasPayment()) {
      throw new InvalidValueException("voucher", "a voucher and no payment on CREDIT", "other");
    }
    Voucher voucher = entry.getVoucher();
    if (voucher.getSignature().length() != SIGNATURE_DIGITS) {
      throw new InvalidValueException(
          "signature", "0x and 65 bytes in hex", voucher.getSignature());
    }
    CrawlVoucher terms =
        new CrawlVoucher(
            Address.parse(voucher.getCrawler()),
            LicenseId.parse(voucher.getLicenseId()),
            UsdcAmount.parse(voucher.getCumulativeMax()),
            Hash.parse(voucher.getTermsHash()));
    return SignedVoucher.of(terms, Signature.parse(voucher.getSignature()), domain, curve)
        .map(signed -> new CreditRequest(service, signed))
        .orElseThrow(() ->
            new InvalidValueException(
                "signature", "one that has a signer", voucher.getSignature()));
  }

  private static DirectRequest direct(UsageEntry entry) {
    if (!entry.hasPayment() || entry.hasVoucher()) {
      throw new InvalidValueException("payment", "a payment and no voucher on DIRECT", "other");
    }
    DirectPayment payment = entry.getPayment();
    return new DirectRequest(
        service(entry),
        ChainId.of(payment.getChainId()),
        Hash.parse(payment.getPaymentId()),
        Hash.parse(payment.getTxHash()));
  }

  private static Service service(UsageEntry entry) {
    Service service =
        new Service(
            Address.parse(entry.getCrawler()),
            LicenseId.parse(entry.getLicenseId()),
            Hash.parse(entry.getContentId()),
            Hash.parse(entry.getRequestId()),
            units(entry.getUnits()),
            UsdcAmount.parse(entry.getUnitPrice()));
    UsdcAmount amount = service.amount();
    requireNonNull(amount, "amount is null");
    return service;
  }

  private static long units(String text) {
    var units = Uint256.parseDecimal("units", text);
    if (units.signum() == 0 || units.bitLength() > Long.SIZE - 1) {
      throw new InvalidValueException("units", "1 to 2^63-1", text);
    }
    return units.longValueExact();
  }
}
