package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import network.tachi.evm.Bytes;
import network.tachi.gateway.HttpFields.Field;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the one 402 that every client can pay (wire.md section 8): x402 v2 in the header, v1 in the
 * body, and {@code crawler-price}.
 */
final class Challenge {
  /** How long a payment may take, seconds. */
  static final int MAX_TIMEOUT_SECONDS = 60;

  private static final String UNPAID_V1 = "X-PAYMENT header is required";
  private static final String UNPAID_V2 = "PAYMENT-SIGNATURE header is required";

  private final Settlement settlement;

  Challenge(Settlement settlement) {
    this.settlement = requireNonNull(settlement, "settlement is null");
  }

  /** Asks for payment. */
  Reply unpaid(Offer offer) {
    return reply(offer, UNPAID_V2, UNPAID_V1, null);
  }

  /** Asks again, saying why the payment that came was not taken. */
  Reply refused(Offer offer, Refusal refusal) {
    return reply(offer, refusal.code(), refusal.code(), refusal.standing())
        .with("tachi-refusal", ascii(refusal.message()));
  }

  private Reply reply(
      Offer offer, String errorV2, String errorV1, @Nullable PairStanding standing) {
    HttpFields fields =
        new HttpFields(
            List.of(
                new Field("payment-required", JsonFields.writeBase64(v2(offer, errorV2, standing))),
                new Field("crawler-price", "USD " + usd(offer)),
                new Field("cache-control", "no-store"),
                new Field("vary", PaidHeaders.VARY),
                new Field("content-type", "application/json")));
    return new Reply(402, fields, Bytes.wrap(JsonFields.write(v1(offer, errorV1))));
  }

  /** Without needless zeros, and with enough digits never to read as nothing. */
  private static String usd(Offer offer) {
    String usdc = offer.price().toUsdcString();
    return usdc.substring(0, usdc.indexOf(' '));
  }

  private ObjectNode v2(Offer offer, String error, @Nullable PairStanding standing) {
    ObjectNode json = JsonFields.object();
    json.put("x402Version", 2);
    json.put("error", error);
    json.putObject("resource").put("url", offer.url());
    ArrayNode accepts = json.putArray("accepts");
    ObjectNode exact =
        entry(accepts.addObject(), CredentialReader.EXACT, offer, offer.vault().toString());
    exact.put("name", settlement.usdcName());
    exact.put("version", settlement.usdcVersion());
    ObjectNode credit =
        entry(
            accepts.addObject(),
            CredentialReader.CREDIT,
            offer,
            settlement.creditEscrow().toString());
    credit.put("licenseId", offer.licenseId().toString());
    credit.put("termsHash", offer.termsHash().toString());
    credit.put("name", "Tachi Credit");
    credit.put("version", "1");
    credit.put("verifyingContract", settlement.creditEscrow().toString());
    if (standing != null) {
      standing.writeTo(credit);
    }
    json.putObject("extensions")
        .putObject("payment-identifier")
        .putObject("info")
        .put("required", false);
    return json;
  }

  private ObjectNode entry(ObjectNode entry, String scheme, Offer offer, String payTo) {
    entry.put("scheme", scheme);
    entry.put("network", settlement.chain().toCaip2());
    entry.put("amount", offer.price().toString());
    entry.put("asset", settlement.usdc().toString());
    entry.put("payTo", payTo);
    entry.put("maxTimeoutSeconds", MAX_TIMEOUT_SECONDS);
    return entry.putObject("extra");
  }

  private ObjectNode v1(Offer offer, String error) {
    ObjectNode json = JsonFields.object();
    json.put("x402Version", 1);
    json.put("error", error);
    ArrayNode accepts = json.putArray("accepts");
    Optional<String> network = X402Networks.v1(settlement.chain());
    if (network.isPresent()) {
      ObjectNode entry = accepts.addObject();
      entry.put("scheme", CredentialReader.EXACT);
      entry.put("network", network.get());
      entry.put("maxAmountRequired", offer.price().toString());
      entry.put("resource", offer.url());
      entry.put("description", "");
      entry.put("mimeType", "");
      entry.put("payTo", offer.vault().toString());
      entry.put("maxTimeoutSeconds", MAX_TIMEOUT_SECONDS);
      entry.put("asset", settlement.usdc().toString());
      entry
          .putObject("extra")
          .put("name", settlement.usdcName())
          .put("version", settlement.usdcVersion());
    }
    return json;
  }

  private static String ascii(String text) {
    String printable = text.replaceAll("[^\\x20-\\x7e]", "?");
    return printable.length() <= 300 ? printable : printable.substring(0, 300);
  }
}
