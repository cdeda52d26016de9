package network.tachi.gateway;

import java.util.Optional;
import java.util.regex.Pattern;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.evm.ChainId;
import network.tachi.evm.Eip3009.Authorization;
import network.tachi.evm.InvalidSignatureException;
import network.tachi.evm.Signature;
import network.tachi.server.ApiException;

/** Finds the one payment among a request's header fields (x402 v2, x402 v1). */
final class CredentialReader {
  /** The scheme of EIP-3009 authorisations. */
  static final String EXACT = "exact";

  /** The scheme of vouchers. */
  static final String CREDIT = "tachi-credit";

  private static final String V2 = "payment-signature";
  private static final String V1 = "x-payment";
  private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9_-]{16,128}");

  private CredentialReader() {}

  /**
   * The payment of a request.
   *
   * @return empty if there is none
   * @throws ApiException if there is more than one
   * @throws MalformedPaymentException if it can't be read
   */
  static Optional<Credential> read(HttpFields fields) {
    var v2 = fields.all(V2);
    var v1 = fields.all(V1);
    if (v2.size() + v1.size() > 1) {
      throw ApiException.of(
          GatewayErrors.CONFLICTING_PAYMENTS,
          "a request carries one payment, found " + (v2.size() + v1.size()));
    }
    if (!v2.isEmpty()) {
      return Optional.of(v2(JsonFields.base64("PAYMENT-SIGNATURE", v2.getFirst())));
    }
    return v1.isEmpty()
        ? Optional.empty()
        : Optional.of(v1(JsonFields.base64("X-PAYMENT", v1.getFirst())));
  }

  /** An x402 v2 PaymentPayload. */
  static Credential v2(JsonFields payment) {
    requireVersion(payment, 2);
    JsonFields accepted = payment.object("accepted");
    String scheme = accepted.text("scheme");
    ChainId network = accepted.caip2("network");
    Optional<String> identifier = identifier(payment);
    return switch (scheme) {
      case EXACT -> exact(2, network, payment.object("payload"), identifier);
      case CREDIT -> voucher(network, payment.object("payload"), identifier);
      default -> new Credential.Unsupported(network, scheme);
    };
  }

  /** An x402 v1 payload; v1 knows no extensions. */
  static Credential v1(JsonFields payment) {
    requireVersion(payment, 1);
    String scheme = payment.text("scheme");
    ChainId network = X402Networks.v1(payment.text("network"));
    return scheme.equals(EXACT)
        ? exact(1, network, payment.object("payload"), Optional.empty())
        : new Credential.Unsupported(network, scheme);
  }

  private static void requireVersion(JsonFields payment, int version) {
    int found = payment.integer("x402Version");
    if (found != version) {
      throw new MalformedPaymentException(
          "x402Version", Integer.toString(version), Integer.toString(found));
    }
  }

  private static Credential exact(
      int version, ChainId network, JsonFields payload, Optional<String> identifier) {
    JsonFields authorization = payload.object("authorization");
    return new Credential.Exact(
        version,
        network,
        new Authorization(
            authorization.address("from"),
            authorization.address("to"),
            authorization.amount("value"),
            authorization.uint("validAfter"),
            authorization.uint("validBefore"),
            authorization.hash("nonce")),
        payload.bytes("signature"),
        identifier);
  }

  private static Credential voucher(
      ChainId network, JsonFields payload, Optional<String> identifier) {
    JsonFields voucher = payload.object("voucher");
    return new Credential.Voucher(
        network,
        new CrawlVoucher(
            voucher.address("crawler"),
            voucher.license("licenseId"),
            voucher.amount("cumulativeMax"),
            voucher.hash("termsHash")),
        signature(payload),
        identifier);
  }

  private static Signature signature(JsonFields payload) {
    byte[] bytes = payload.bytes("signature").toArray();
    try {
      return Signature.fromBytes(bytes);
    } catch (InvalidSignatureException e) {
      throw new MalformedPaymentException(
          "payload.signature", "65 bytes r, s, v with low s", String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> identifier(JsonFields payment) {
    return payment
        .find("extensions")
        .flatMap(extensions -> extensions.find("payment-identifier"))
        .flatMap(extension -> extension.find("info"))
        .filter(info -> info.has("id"))
        .map(info -> {
          String id = info.text("id");
          if (!IDENTIFIER.matcher(id).matches()) {
            throw new MalformedPaymentException(
                "extensions.payment-identifier.info.id",
                "16 to 128 characters A-Z a-z 0-9 _ -",
                id);
          }
          return id;
        });
  }
}
