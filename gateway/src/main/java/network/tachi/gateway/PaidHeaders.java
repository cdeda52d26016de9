package network.tachi.gateway;

import java.util.Optional;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;
import network.tachi.proto.v1.Attestation;
import network.tachi.proto.v1.SignedAttestation;
import tools.jackson.databind.node.ObjectNode;

/** What a paid answer carries besides the content (wire.md section 8; x402 SettleResponse). */
final class PaidHeaders {
  /** Caches must not give one client's paid answer to another. */
  static final String VARY =
      "Authorization, Payment-Signature, X-Payment, Signature-Agent, Crawler-Purpose";

  private PaidHeaders() {}

  /** A settled authorisation. */
  static Reply direct(Reply content, DirectReceipt receipt, int x402Version) {
    ObjectNode json = settled(receipt.payer(), receipt.transaction().toString(), receipt.chain());
    json.put("amount", receipt.amount().toString());
    if (receipt.external()) {
      json.putObject("extra").put("external", true);
    }
    Reply paid = uncached(content).with("payment-response", JsonFields.writeBase64(json));
    Optional<String> v1 = x402Version == 1 ? X402Networks.v1(receipt.chain()) : Optional.empty();
    if (v1.isEmpty()) {
      return paid;
    }
    ObjectNode old = settled(receipt.payer(), receipt.transaction().toString(), receipt.chain());
    old.put("network", v1.get());
    return paid.with("x-payment-response", JsonFields.writeBase64(old));
  }

  /**
   * A payment that settled.
   *
   * @param external settled by someone else before us
   */
  record DirectReceipt(
      ChainId chain, Address payer, Hash transaction, UsdcAmount amount, boolean external) {}

  /** A charged voucher, with its attestation. */
  static Reply credit(
      Reply content,
      ChainId chain,
      Address crawler,
      UsdcAmount price,
      PairStanding standing,
      SignedAttestation signed) {
    ObjectNode json = settled(crawler, "", chain);
    json.put("amount", price.toString());
    ObjectNode extra = json.putObject("extra");
    extra.put("requestId", signed.getAttestation().getRequestId());
    standing.writeTo(extra);
    return uncached(content)
        .with("payment-response", JsonFields.writeBase64(json))
        .with("tachi-attestation", JsonFields.writeBase64(attestation(signed)));
  }

  /** A settlement that failed or is not through yet. */
  static String failed(ChainId chain, Address payer, String reason, String transaction) {
    ObjectNode json = JsonFields.object();
    json.put("success", false);
    json.put("errorReason", reason);
    json.put("transaction", transaction);
    json.put("network", chain.toCaip2());
    json.put("payer", payer.toString());
    return JsonFields.writeBase64(json);
  }

  private static ObjectNode settled(Address payer, String transaction, ChainId chain) {
    ObjectNode json = JsonFields.object();
    json.put("success", true);
    json.put("payer", payer.toString());
    json.put("transaction", transaction);
    json.put("network", chain.toCaip2());
    return json;
  }

  private static Reply uncached(Reply content) {
    return content.with("cache-control", "private, no-store").with("vary", VARY);
  }

  private static ObjectNode attestation(SignedAttestation signed) {
    Attestation a = signed.getAttestation();
    ObjectNode json = JsonFields.object();
    ObjectNode fields = json.putObject("attestation");
    fields.put("generation", a.getGeneration());
    fields.put("logIndex", a.getLogIndex());
    fields.put("configVersion", a.getConfigVersion());
    fields.put("rail", Integer.toString(a.getRailValue()));
    fields.put("crawler", a.getCrawler());
    fields.put("licenseId", a.getLicenseId());
    fields.put("contentId", a.getContentId());
    fields.put("requestId", a.getRequestId());
    fields.put("units", a.getUnits());
    fields.put("unitPrice", a.getUnitPrice());
    fields.put("pairSeq", a.getPairSeq());
    fields.put("pairPrevIndex", a.getPairPrevIndex());
    fields.put("pairCumulative", a.getPairCumulative());
    fields.put("paymentRef", a.getPaymentRef());
    fields.put("issuedAtMs", a.getIssuedAtMs());
    json.put("signature", signed.getSignature());
    return json;
  }
}
