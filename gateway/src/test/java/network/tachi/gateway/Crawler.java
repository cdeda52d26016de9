package network.tachi.gateway;

import java.math.BigInteger;
import java.util.concurrent.atomic.AtomicInteger;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Eip3009.Authorization;
import network.tachi.evm.Eip712;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Signer;
import network.tachi.evm.UsdcAmount;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Signs payments as a crawler does, from nothing but the 402. */
final class Crawler {
  final Signer key;
  private final Settlement settlement;
  private final AtomicInteger nonces = new AtomicInteger();

  Crawler(Signer key, Settlement settlement) {
    this.key = key;
    this.settlement = settlement;
  }

  Address address() {
    return key.address();
  }

  /** The authorisation that the first entry of a 402 asks for. */
  Authorization authorization(JsonNode required, long validBefore) {
    JsonNode exact = required.get("accepts").get(0);
    return new Authorization(
        address(),
        Address.parse(exact.get("payTo").asString()),
        UsdcAmount.parse(exact.get("amount").asString()),
        BigInteger.ZERO,
        BigInteger.valueOf(validBefore),
        Keccak.hash(address() + " nonce " + nonces.incrementAndGet()));
  }

  Bytes sign(Authorization authorization) {
    Hash digest = Eip712.digest(settlement.usdcDomain(), authorization.transferStructHash());
    return Bytes.wrap(key.sign(digest).toBytes());
  }

  /** PAYMENT-SIGNATURE for {@code exact}. */
  static String exact(
      JsonNode required,
      Authorization authorization,
      Bytes signature,
      @Nullable String identifier) {
    return payment(
        required.get("accepts").get(0), exactPayload(authorization, signature), identifier);
  }

  static ObjectNode exactPayload(Authorization authorization, Bytes signature) {
    ObjectNode payload = JsonFields.object();
    payload.put("signature", signature.toString());
    payload
        .putObject("authorization")
        .put("from", authorization.from().toString())
        .put("to", authorization.to().toString())
        .put("value", authorization.value().toString())
        .put("validAfter", authorization.validAfter().toString())
        .put("validBefore", authorization.validBefore().toString())
        .put("nonce", authorization.nonce().toString());
    return payload;
  }

  /** X-PAYMENT, as x402 v1 has it. */
  static String exactV1(Authorization authorization, Bytes signature) {
    ObjectNode json = JsonFields.object();
    json.put("x402Version", 1).put("scheme", "exact").put("network", "base-sepolia");
    json.set("payload", exactPayload(authorization, signature));
    return JsonFields.writeBase64(json);
  }

  CrawlVoucher voucher(JsonNode required, long cumulativeMax) {
    JsonNode extra = required.get("accepts").get(1).get("extra");
    return new CrawlVoucher(
        address(),
        LicenseId.parse(extra.get("licenseId").asString()),
        UsdcAmount.of(cumulativeMax),
        Hash.parse(extra.get("termsHash").asString()));
  }

  /** PAYMENT-SIGNATURE for {@code tachi-credit}, signed by the crawler itself. */
  String credit(JsonNode required, long cumulativeMax) {
    return credit(required, voucher(required, cumulativeMax), key, null);
  }

  String credit(
      JsonNode required, CrawlVoucher voucher, Signer signer, @Nullable String identifier) {
    ObjectNode payload = JsonFields.object();
    payload
        .putObject("voucher")
        .put("crawler", voucher.crawler().toString())
        .put("licenseId", voucher.licenseId().toString())
        .put("cumulativeMax", voucher.cumulativeMax().toString())
        .put("termsHash", voucher.termsHash().toString());
    payload.put("signature", signer.sign(voucher.digest(settlement.creditDomain())).toString());
    return payment(required.get("accepts").get(1), payload, identifier);
  }

  private static String payment(
      JsonNode accepted, ObjectNode payload, @Nullable String identifier) {
    ObjectNode json = JsonFields.object();
    json.put("x402Version", 2);
    json.set("accepted", accepted);
    json.set("payload", payload);
    if (identifier != null) {
      json.putObject("extensions")
          .putObject("payment-identifier")
          .putObject("info")
          .put("id", identifier);
    }
    return JsonFields.writeBase64(json);
  }
}
