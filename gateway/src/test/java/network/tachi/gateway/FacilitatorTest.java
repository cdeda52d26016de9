package network.tachi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import network.tachi.evm.Bytes;
import network.tachi.evm.Eip3009.Authorization;
import network.tachi.evm.UsdcAmount;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The x402 facilitator API, as another gateway of our licences uses it. */
class FacilitatorTest {
  private final Rig rig = new Rig().start();
  private final JsonNode required = rig.required("/premium/a");
  private final Authorization authorization = rig.authorize(required);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void supported_shouldNameKindsAndSigner() {
    JsonNode json = JsonFields.MAPPER.readTree(rig.get("/facilitator/supported").body());
    assertThat(json.get("kinds")).hasSize(2);
    assertThat(json.get("kinds").get(0).get("network").asString()).isEqualTo("eip155:84532");
    assertThat(json.get("kinds").get(1).get("network").asString()).isEqualTo("base-sepolia");
    assertThat(json.get("signers").get("eip155:*").get(0).asString())
        .isEqualTo(rig.running().facilitator().toString());
  }

  @Test
  void verify_shouldSayWhetherItCanBeSettled() {
    JsonNode good = ask("/facilitator/verify", rig.crawler.sign(authorization), "2500");
    assertThat(good.get("isValid").asBoolean()).isTrue();
    assertThat(good.get("payer").asString()).isEqualTo(rig.crawler.address().toString());
    JsonNode wrongValue = ask("/facilitator/verify", rig.crawler.sign(authorization), "2501");
    assertThat(wrongValue.get("isValid").asBoolean()).isFalse();
    assertThat(wrongValue.get("invalidReason").asString())
        .isEqualTo("invalid_exact_evm_authorization_value");
    JsonNode wrongSignature = ask("/facilitator/verify", Rig.hex("0x" + "22".repeat(65)), "2500");
    assertThat(wrongSignature.get("invalidReason").asString())
        .isEqualTo("invalid_exact_evm_signature");
  }

  @Test
  void settle_shouldPayTheVaultOnce_howeverOftenItIsAsked() {
    Bytes signature = rig.crawler.sign(authorization);
    List<CompletableFuture<JsonNode>> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(CompletableFuture.supplyAsync(() -> ask("/facilitator/settle", signature, "2500")));
    }
    List<JsonNode> answers = all.stream().map(CompletableFuture::join).toList();
    answers = new ArrayList<>(answers);
    answers.add(ask("/facilitator/settle", signature, "2500"));

    assertThat(answers).allMatch(answer -> answer.get("success").asBoolean());
    assertThat(answers.stream().map(answer -> answer.get("transaction").asString()).distinct())
        .hasSize(1);
    assertThat(rig.settlements()).isOne();
    assertThat(rig.vaultBalance()).isEqualTo(UsdcAmount.of(Rig.PRICE));
    assertThat(rig.count("SELECT count(*) FROM gateway.usage_queue")).isZero();
    // It paid for content elsewhere.
    assertThat(
            rig.get("/premium/a", "PAYMENT-SIGNATURE", rig.pay(required, authorization))
                .statusCode())
        .isEqualTo(402);
  }

  @Test
  void settleToAnythingButAVault_shouldBeRefused() {
    ObjectNode body = body(rig.crawler.sign(authorization), "2500");
    ((ObjectNode) body.get("paymentRequirements")).put("payTo", rig.crawler.address().toString());
    HttpResponse<String> response = rig.post("/facilitator/settle", body.toString());
    JsonNode json = JsonFields.MAPPER.readTree(response.body());
    assertThat(json.get("success").asBoolean()).isFalse();
    assertThat(json.get("errorReason").asString()).isEqualTo("invalid_payment_requirements");
  }

  @Test
  void malformedBody_shouldBe400NamingTheField() {
    HttpResponse<String> response = rig.post("/facilitator/verify", "{\"paymentPayload\":{}}");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("body.");
  }

  private JsonNode ask(String path, Bytes signature, String amount) {
    return JsonFields.MAPPER.readTree(rig.post(path, body(signature, amount).toString()).body());
  }

  private ObjectNode body(Bytes signature, String amount) {
    ObjectNode requirements = required.get("accepts").get(0).deepCopy().asObject();
    requirements.put("amount", amount);
    ObjectNode body = JsonFields.object();
    body.put("x402Version", 2);
    ObjectNode payload = body.putObject("paymentPayload");
    payload.put("x402Version", 2);
    payload.set("accepted", requirements.deepCopy());
    payload.set("payload", Crawler.exactPayload(authorization, signature));
    body.set("paymentRequirements", requirements);
    return body;
  }
}
