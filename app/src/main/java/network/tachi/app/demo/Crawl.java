package network.tachi.app.demo;

import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import network.tachi.chainconfig.ContractName;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.contracts.wire.WireDomain;
import network.tachi.evm.Address;
import network.tachi.evm.Eip3009;
import network.tachi.evm.Eip712;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Signature;
import network.tachi.evm.UsdcAmount;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A crawler of the demo: asks for a page, reads the 402, pays on the rail it is told to, and gets
 * the page.
 */
final class Crawl {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A paid page. */
  record Page(String body, JsonNode payment, @Nullable JsonNode attestation) {
    JsonNode requireAttestation() {
      if (attestation == null) {
        throw new DemoException("a page paid by voucher came without an attestation");
      }
      return attestation;
    }
  }

  private final Actor crawler;
  private final Http http;
  private final URI gateway;
  private final DemoChain chain;
  private final Map<LicenseId, UsdcAmount> ceilings = new ConcurrentHashMap<>();

  Crawl(Actor crawler, Http http, URI gateway, DemoChain settlement) {
    this.crawler = crawler;
    this.http = http;
    this.gateway = gateway;
    this.chain = settlement;
  }

  Actor crawler() {
    return crawler;
  }

  /** Pays this one request by an EIP-3009 authorisation. */
  Page payExact(Site site, String path) {
    JsonNode accepted = offer(site, path, "exact");
    Address vault = Address.parse(accepted.path("payTo").asString());
    UsdcAmount amount = UsdcAmount.parse(accepted.path("amount").asString());
    long validBefore = chain.time() + accepted.path("maxTimeoutSeconds").asLong();
    Eip3009.Authorization authorization =
        new Eip3009.Authorization(
            crawler.address(),
            vault,
            amount,
            BigInteger.ZERO,
            BigInteger.valueOf(validBefore),
            randomHash());
    Hash domain = chain.settings().usdc().domainSeparator(chain.settings().chain());
    Signature signature =
        crawler.signer().sign(Eip712.digest(domain, authorization.transferStructHash()));
    ObjectNode payload = Json.MAPPER.createObjectNode();
    payload.put("signature", signature.toString());
    payload
        .putObject("authorization")
        .put("from", crawler.address().toString())
        .put("to", vault.toString())
        .put("value", amount.toString())
        .put("validAfter", "0")
        .put("validBefore", Long.toString(validBefore))
        .put("nonce", authorization.nonce().toString());
    return page(site, path, pay(site, path, accepted, payload));
  }

  /** Draws on the crawler's credit: signs one step more of the ceiling. */
  Page payByVoucher(Site site, String path) {
    JsonNode accepted = offer(site, path, "tachi-credit");
    UsdcAmount price = UsdcAmount.parse(accepted.path("amount").asString());
    UsdcAmount ceiling = ceilings.merge(site.license(), price, UsdcAmount::plus);
    CrawlVoucher voucher =
        new CrawlVoucher(
            crawler.address(),
            site.license(),
            ceiling,
            Hash.parse(accepted.path("extra").path("termsHash").asString()));
    WireDomain.Credit domain =
        WireDomain.credit(chain.settings().chain(), chain.address(ContractName.CREDIT_ESCROW));
    ObjectNode payload = Json.MAPPER.createObjectNode();
    payload
        .putObject("voucher")
        .put("crawler", voucher.crawler().toString())
        .put("licenseId", voucher.licenseId().toString())
        .put("cumulativeMax", ceiling.toString())
        .put("termsHash", voucher.termsHash().toString());
    payload.put("signature", crawler.signer().sign(voucher.digest(domain)).toString());
    return page(site, path, pay(site, path, accepted, payload));
  }

  private static Hash randomHash() {
    byte[] bytes = new byte[Hash.SIZE];
    RANDOM.nextBytes(bytes);
    return Hash.of(bytes);
  }

  /** What the 402 of a page offers on a scheme. */
  private JsonNode offer(Site site, String path, String scheme) {
    HttpResponse<String> answer = http.get(gateway.resolve(path), Map.of("host", site.domain()));
    if (answer.statusCode() != 402) {
      throw new DemoException(
          "expected 402 for "
              + site.domain()
              + path
              + ", found "
              + answer.statusCode()
              + ": "
              + answer.body());
    }
    String header =
        answer
            .headers()
            .firstValue("PAYMENT-REQUIRED")
            .orElseThrow(() -> new DemoException("a 402 without PAYMENT-REQUIRED"));
    for (JsonNode accepted : Json.fromHeader(header).path("accepts").values()) {
      if (accepted.path("scheme").asString().equals(scheme)) {
        return accepted;
      }
    }
    throw new DemoException("the 402 of " + site.domain() + path + " offers no " + scheme);
  }

  private HttpResponse<String> pay(Site site, String path, JsonNode accepted, JsonNode payload) {
    ObjectNode payment = Json.MAPPER.createObjectNode();
    payment.put("x402Version", 2);
    payment.putObject("resource").put("url", "http://" + site.domain() + path);
    payment.set("accepted", accepted);
    payment.set("payload", payload);
    return http.get(
        gateway.resolve(path),
        Map.of("host", site.domain(), "PAYMENT-SIGNATURE", Json.toHeader(payment)));
  }

  private Page page(Site site, String path, HttpResponse<String> answer) {
    if (answer.statusCode() != 200) {
      String why =
          answer
              .headers()
              .firstValue("PAYMENT-RESPONSE")
              .map(header -> Json.fromHeader(header).toString())
              .orElse("");
      throw new DemoException(
          crawler.name()
              + " paid for "
              + site.domain()
              + path
              + " and got "
              + answer.statusCode()
              + ": "
              + answer.body()
              + why);
    }
    JsonNode payment =
        answer
            .headers()
            .firstValue("PAYMENT-RESPONSE")
            .map(Json::fromHeader)
            .orElseThrow(() -> new DemoException("no PAYMENT-RESPONSE"));
    return new Page(
        answer.body(),
        payment,
        answer.headers().firstValue("Tachi-Attestation").map(Json::fromHeader).orElse(null));
  }
}
