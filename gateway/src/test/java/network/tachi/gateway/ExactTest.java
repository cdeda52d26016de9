package network.tachi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import network.tachi.contracts.policy.Category;
import network.tachi.contracts.web3j.Usdc;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Bytes;
import network.tachi.evm.Eip3009.Authorization;
import network.tachi.evm.UsdcAmount;
import network.tachi.proto.v1.Rail;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Paying by EIP-3009 authorisation, over real sockets, on a real chain. */
class ExactTest {
  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void unpaid_shouldGetTheOne402ThatEveryClientCanPay() {
    rig.start();
    HttpResponse<String> response = rig.get("/premium/a");

    assertThat(response.statusCode()).isEqualTo(402);
    assertThat(response.headers().firstValue("cache-control")).hasValue("no-store");
    assertThat(response.headers().firstValue("crawler-price")).hasValue("USD 0.0025");
    JsonNode v2 = Rig.header(response, "PAYMENT-REQUIRED");
    String exact =
        """
        {"scheme":"exact","network":"eip155:84532","amount":"2500","asset":"%s","payTo":"%s",\
        "maxTimeoutSeconds":60,"extra":{"name":"USDC","version":"2"}}\
        """
            .formatted(World.USDC, rig.vault);
    assertThat(v2.get("x402Version").asInt()).isEqualTo(2);
    assertThat(v2.get("resource").get("url").asString())
        .isEqualTo("http://" + rig.domain + "/premium/a");
    assertThat(v2.get("accepts")).hasSize(2);
    assertThat(v2.get("accepts").get(0)).isEqualTo(JsonFields.MAPPER.readTree(exact));
    JsonNode credit = v2.get("accepts").get(1);
    assertThat(credit.get("scheme").asString()).isEqualTo("tachi-credit");
    assertThat(credit.get("payTo").asString())
        .isEqualTo(rig.world.settlement.creditEscrow().toString());
    assertThat(credit.get("extra").propertyNames())
        .containsExactly("licenseId", "termsHash", "name", "version", "verifyingContract");
    assertThat(response.headers().firstValue("payment-required").orElseThrow().length())
        .isLessThan(4096);

    JsonNode v1 = JsonFields.MAPPER.readTree(response.body());
    assertThat(v1.get("x402Version").asInt()).isEqualTo(1);
    assertThat(v1.get("accepts")).hasSize(1);
    assertThat(v1.get("accepts").get(0).get("network").asString()).isEqualTo("base-sepolia");
    assertThat(v1.get("accepts").get(0).get("maxAmountRequired").asString()).isEqualTo("2500");
    assertThat(v1.get("accepts").get(0).get("description").asString()).isEmpty();
  }

  @Test
  void paid_shouldBeSettledDeliveredAndReported() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    Authorization authorization = rig.authorize(required);
    HttpResponse<String> response =
        rig.get("/premium/a", "PAYMENT-SIGNATURE", rig.pay(required, authorization));

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.body()).startsWith("content of /premium/a");
    assertThat(response.headers().firstValue("cache-control")).hasValue("private, no-store");
    JsonNode settled = Rig.header(response, "PAYMENT-RESPONSE");
    assertThat(settled.get("success").asBoolean()).isTrue();
    assertThat(settled.get("network").asString()).isEqualTo("eip155:84532");
    assertThat(settled.get("payer").asString()).isEqualTo(rig.crawler.address().toString());
    assertThat(settled.get("transaction").asString()).hasSize(66);
    assertThat(settled.has("extra")).isFalse();
    assertThat(rig.vaultBalance()).isEqualTo(UsdcAmount.of(Rig.PRICE));
    assertThat(rig.authorizationState(authorization)).isEqualTo("served");
    assertThat(rig.origin.seen().getFirst().headers()).doesNotContainKey("Payment-signature");

    Await.until("reporting", () -> rig.oracle.log().size() == 1);
    var attestation = rig.oracle.log().getFirst().getAttestation();
    assertThat(attestation.getRail()).isEqualTo(Rail.DIRECT);
    assertThat(attestation.getPaymentRef())
        .isEqualTo(
            WireIds.paymentId(
                    rig.world.base.chain(),
                    World.USDC,
                    rig.crawler.address(),
                    authorization.nonce())
                .toString());
    assertThat(rig.oracle.reports().getFirst().getPayment().getTxHash())
        .isEqualTo(settled.get("transaction").asString());
    assertThat(rig.metrics.scrape()).contains("tachi_gateway_paid_total{rail=\"direct\"} 1.0");
  }

  @Test
  void v1Client_shouldPayToo() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    Authorization authorization = rig.authorize(required);
    HttpResponse<String> response =
        rig.get(
            "/premium/a",
            "X-PAYMENT",
            Crawler.exactV1(authorization, rig.crawler.sign(authorization)));

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    JsonNode settled = Rig.header(response, "X-PAYMENT-RESPONSE");
    assertThat(settled.get("network").asString()).isEqualTo("base-sepolia");
  }

  @Test
  void contractAccount_shouldPayByItsOwnRule() {
    rig.start();
    var wallet = World.signer(World.unique("wallet"));
    rig.world.fund(wallet.address(), "1");
    // Returns EIP-1271's magic value whatever it is asked.
    rig.world.base.setCode(wallet.address(), Rig.hex("0x631626ba7e60e01b60005260206000f3"));
    Crawler account = new Crawler(wallet, rig.world.settlement);
    JsonNode required = rig.required("/premium/a");
    Authorization authorization = account.authorization(required, rig.world.now() + 300);

    HttpResponse<String> response =
        rig.get(
            "/premium/a",
            "PAYMENT-SIGNATURE",
            Crawler.exact(required, authorization, Rig.hex("0x1234"), null));

    assertThat(response.statusCode()).as(response.body() + response.headers()).isEqualTo(200);
  }

  @Test
  void contractAccountThatBurnsGas_shouldBeRefused() {
    rig.start();
    var wallet = World.signer(World.unique("burner"));
    rig.world.fund(wallet.address(), "1");
    // Hashes a million bytes of memory, and then returns EIP-1271's magic value.
    rig.world.base.setCode(
        wallet.address(), Rig.hex("0x620f424060002050631626ba7e60e01b60005260206000f3"));
    Crawler account = new Crawler(wallet, rig.world.settlement);
    JsonNode required = rig.required("/premium/a");
    Authorization authorization = account.authorization(required, rig.world.now() + 300);

    HttpResponse<String> response =
        rig.get(
            "/premium/a",
            "PAYMENT-SIGNATURE",
            Crawler.exact(required, authorization, Rig.hex("0x1234"), null));

    assertThat(response.statusCode()).isEqualTo(402);
    assertThat(Rig.header(response, "PAYMENT-REQUIRED").get("error").asString())
        .isEqualTo("invalid_exact_evm_transaction_simulation_failed");
    assertThat(rig.origin.seen()).isEmpty();
    assertThat(rig.settlements()).isZero();
  }

  @Test
  void manyNoncesOfOneBalance_shouldSendOnlyWhatItPays() {
    rig.start();
    Crawler poor = new Crawler(World.signer(World.unique("poor")), rig.world.settlement);
    rig.world.fund(poor.address(), "0.005");
    JsonNode required = rig.required("/premium/a");
    try {
      rig.world.base.automine(false);
      List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        Authorization authorization = poor.authorization(required, rig.world.now() + 300);
        all.add(
            rig.getAsync(
                "GET",
                "/premium/" + i,
                "PAYMENT-SIGNATURE",
                Crawler.exact(required, authorization, poor.sign(authorization), null)));
      }
      Await.until(
          "ten refused", () -> all.stream().filter(CompletableFuture::isDone).count() >= 10);
      rig.world.base.automine(true);
      rig.world.base.mine(1);
      List<Integer> answers = all.stream().map(one -> one.join().statusCode()).sorted().toList();
      assertThat(answers.subList(0, 2)).containsOnly(200);
      assertThat(answers.subList(2, 12)).allMatch(status -> status == 503 || status == 402);
      assertThat(rig.settlements()).isEqualTo(2);
    } finally {
      rig.world.base.automine(true);
    }
  }

  @Test
  void payerWithTooManyUnderWay_shouldComeAgainLater() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    rig.owner()
        .dsl()
        .execute(
            """
            INSERT INTO gateway.authorization (chain_id, from_address, nonce, license_id, value, valid_after,
              valid_before, signature, request_fingerprint, request_id, content_id, payment_id, state, created_at,
              updated_at, owner, lease_until)
            SELECT ?, ?, sha256(i::text::bytea), 1, 1, 0, 0, '', h, h, h, sha256(i::text::bytea), 'reserved', now(),
              now(), 'another gateway', now() + interval '1 min'
            FROM generate_series(1, ?) i, (SELECT sha256('') AS h) z
            """,
            rig.world.base.chain().value(),
            rig.crawler.address().toBytes(),
            PayerLimits.MAX_UNDER_WAY);
    String payment = rig.pay(required, rig.authorize(required));
    HttpResponse<String> later = rig.get("/premium/a", "PAYMENT-SIGNATURE", payment);
    assertThat(later.statusCode()).as(later.body()).isEqualTo(503);
    assertThat(later.headers().firstValue("retry-after")).isPresent();
    assertThat(rig.origin.seen()).isEmpty();
    rig.owner().dsl().execute("DELETE FROM gateway.authorization WHERE owner = 'another gateway'");
    assertThat(rig.get("/premium/a", "PAYMENT-SIGNATURE", payment).statusCode()).isEqualTo(200);
  }

  @Test
  void duplicatesAtTheSameTime_shouldSettleOnceAndGetTheSameResponse() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    Authorization authorization = rig.authorize(required);
    String payment = rig.pay(required, authorization);
    CountDownLatch gate = rig.origin.hold("/premium/a");
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(rig.getAsync("GET", "/premium/a", "PAYMENT-SIGNATURE", payment));
    }
    Await.until("fetching", () -> !rig.origin.seen().isEmpty());
    gate.countDown();

    List<String> bodies =
        all.stream().map(CompletableFuture::join).map(r -> r.statusCode() + r.body()).toList();
    assertThat(bodies).allMatch(body -> body.equals("200content of /premium/a no. 1"));
    assertThat(rig.origin.seen()).hasSize(1);
    assertThat(rig.settlements()).isOne();
    assertThat(rig.vaultBalance()).isEqualTo(UsdcAmount.of(Rig.PRICE));
  }

  @Test
  void duplicatesAtTwoGateways_shouldSettleOnceAndGetTheSameResponse() {
    rig.start();
    GatewayRole second = rig.startAnother("second");
    JsonNode required = rig.required("/premium/a");
    String payment = rig.pay(required, rig.authorize(required));
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      GatewayRole role = i % 2 == 0 ? rig.running() : second;
      all.add(rig.getAsync(role, "GET", "/premium/a", "PAYMENT-SIGNATURE", payment));
    }
    assertThat(all.stream().map(one -> one.join().statusCode() + one.join().body()).distinct())
        .containsExactly("200content of /premium/a no. 1");
    assertThat(rig.settlements()).isOne();
  }

  @Test
  void lostReply_shouldComeAgainWithTheSameAuthorization() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    String payment = rig.pay(required, rig.authorize(required));
    HttpResponse<String> first = rig.get("/premium/a", "PAYMENT-SIGNATURE", payment);
    HttpResponse<String> again = rig.get("/premium/a", "PAYMENT-SIGNATURE", payment);

    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(again.headers().firstValue("payment-response"))
        .isEqualTo(first.headers().firstValue("payment-response"));
    assertThat(rig.settlements()).isOne();

    HttpResponse<String> other = rig.get("/premium/b", "PAYMENT-SIGNATURE", payment);
    assertThat(other.statusCode()).isEqualTo(402);
    assertThat(Rig.header(other, "PAYMENT-REQUIRED").get("error").asString())
        .isEqualTo("invalid_exact_evm_nonce_already_used");
  }

  @Test
  void storedResponse_shouldNotBeGivenToWhoeverHasSeenTheNonce() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    Authorization authorization = rig.authorize(required);
    assertThat(
            rig.get("/premium/a", "PAYMENT-SIGNATURE", rig.pay(required, authorization))
                .statusCode())
        .isEqualTo(200);
    assertThat(refusal(required, authorization, Rig.hex("0x" + "11".repeat(65))))
        .isEqualTo("invalid_exact_evm_nonce_already_used");
  }

  @Test
  void replyAfterTheWindow_shouldBeGone() {
    rig.keeping(Duration.ofMillis(1)).start();
    JsonNode required = rig.required("/premium/a");
    String payment = rig.pay(required, rig.authorize(required));
    HttpResponse<String> late = rig.get("/premium/a", "PAYMENT-SIGNATURE", payment);
    assertThat(late.statusCode()).isIn(200, 402);
    assertThat(rig.get("/premium/a", "PAYMENT-SIGNATURE", payment).statusCode()).isEqualTo(402);
    assertThat(rig.settlements()).isOne();
  }

  @Test
  void authorizationSettledByAnother_shouldBeTakenOnceAsExternal() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    Authorization authorization = rig.authorize(required);
    Bytes signature = rig.crawler.sign(authorization);
    World.sender(rig.world.base, rig.world.base.account(World.unique("stranger")))
        .send(World.USDC, Usdc.transferWithAuthorization(authorization, signature));
    String payment = Crawler.exact(required, authorization, signature, null);

    HttpResponse<String> response = rig.get("/premium/a", "PAYMENT-SIGNATURE", payment);

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(Rig.header(response, "PAYMENT-RESPONSE").get("extra").get("external").asBoolean())
        .isTrue();
    assertThat(rig.settlements()).isZero();
    assertThat(rig.get("/premium/b", "PAYMENT-SIGNATURE", payment).statusCode()).isEqualTo(402);
    Await.until("reporting", () -> rig.oracle.log().size() == 1);
  }

  @Test
  void authorizationSettledByAnother_shouldNotExpire() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    Authorization authorization = rig.crawler.authorization(required, rig.world.now() + 60);
    Bytes signature = rig.crawler.sign(authorization);
    World.sender(rig.world.base, rig.world.base.account(World.unique("stranger")))
        .send(World.USDC, Usdc.transferWithAuthorization(authorization, signature));
    rig.world.base.rpc().request("evm_increaseTime", "[120]");
    rig.world.base.rpc().request("anvil_mine", "[\"0x1\"]");

    HttpResponse<String> response =
        rig.get(
            "/premium/a",
            "PAYMENT-SIGNATURE",
            Crawler.exact(required, authorization, signature, null));

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(rig.settlements()).isZero();
  }

  @Test
  void frontRunBetweenVerifyAndSettle_shouldBeTakenAsExternal() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    Authorization authorization = rig.authorize(required);
    Bytes signature = rig.crawler.sign(authorization);
    CountDownLatch gate = rig.origin.hold("/premium/a");
    var response =
        rig.getAsync(
            "GET",
            "/premium/a",
            "PAYMENT-SIGNATURE",
            Crawler.exact(required, authorization, signature, null));
    Await.until("fetching", () -> !rig.origin.seen().isEmpty());
    World.sender(rig.world.base, rig.world.base.account(World.unique("stranger")))
        .send(World.USDC, Usdc.transferWithAuthorization(authorization, signature));
    gate.countDown();

    assertThat(response.join().statusCode()).as(response.join().body()).isEqualTo(200);
    assertThat(
            Rig.header(response.join(), "PAYMENT-RESPONSE")
                .get("extra")
                .get("external")
                .asBoolean())
        .isTrue();
    assertThat(rig.vaultBalance()).isEqualTo(UsdcAmount.of(Rig.PRICE));
  }

  @Test
  void originThatFails_shouldNotBeCharged_andTheAuthorizationStaysGood() {
    rig.policy(2, Rig.rule("/*", Category.PREMIUM, Rig.PRICE));
    rig.start();
    JsonNode required = rig.required("/missing");
    Authorization authorization = rig.authorize(required);
    String payment = rig.pay(required, authorization);

    assertThat(rig.get("/missing", "PAYMENT-SIGNATURE", payment).statusCode()).isEqualTo(404);
    assertThat(rig.get("/error", "PAYMENT-SIGNATURE", payment).statusCode()).isEqualTo(500);
    assertThat(rig.get("/broken", "PAYMENT-SIGNATURE", payment).statusCode()).isEqualTo(502);
    assertThat(rig.get("/huge", "PAYMENT-SIGNATURE", payment).statusCode()).isEqualTo(502);
    assertThat(
            rig.get("/fine", "PAYMENT-SIGNATURE", payment, "If-None-Match", "\"v1\"").statusCode())
        .isEqualTo(304);
    assertThat(rig.settlements()).isZero();
    assertThat(rig.authorizationState(authorization)).isEqualTo("none");

    assertThat(rig.get("/fine", "PAYMENT-SIGNATURE", payment).statusCode()).isEqualTo(200);
    assertThat(rig.vaultBalance()).isEqualTo(UsdcAmount.of(Rig.PRICE));
  }

  @Test
  void wrongPayments_shouldBeRefusedByX402sCodes() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    Authorization good = rig.authorize(required);
    assertThat(refusal(required, change(good, good.value().plus(UsdcAmount.of(1)), 0, 300)))
        .isEqualTo("invalid_exact_evm_authorization_value");
    assertThat(refusal(required, change(good, good.value(), 0, 3)))
        .isEqualTo("invalid_exact_evm_payload_authorization_valid_before");
    assertThat(refusal(required, change(good, good.value(), 1_000, 2_000)))
        .isEqualTo("invalid_exact_evm_payload_authorization_valid_after");
    assertThat(refusal(required, good, Rig.hex("0x" + "11".repeat(65))))
        .isEqualTo("invalid_exact_evm_signature");
    Authorization elsewhere =
        new Authorization(
            good.from(),
            rig.crawler.address(),
            good.value(),
            good.validAfter(),
            good.validBefore(),
            good.nonce());
    assertThat(refusal(required, elsewhere)).isEqualTo("invalid_exact_evm_recipient_mismatch");
    Crawler poor = new Crawler(World.signer(World.unique("poor")), rig.world.settlement);
    Authorization unpayable = poor.authorization(required, rig.world.now() + 300);
    assertThat(refusal(required, unpayable, poor.sign(unpayable)))
        .isEqualTo("invalid_exact_evm_insufficient_balance");
    assertThat(rig.origin.seen()).isEmpty();
  }

  @Test
  void identifierOfAnotherPayment_shouldBe409() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    Authorization first = rig.authorize(required);
    Authorization second = rig.authorize(required);
    String id = "identifier-0123456789";
    assertThat(
            rig.get(
                    "/premium/a",
                    "PAYMENT-SIGNATURE",
                    Crawler.exact(required, first, rig.crawler.sign(first), id))
                .statusCode())
        .isEqualTo(200);
    HttpResponse<String> reused =
        rig.get(
            "/premium/a",
            "PAYMENT-SIGNATURE",
            Crawler.exact(required, second, rig.crawler.sign(second), id));
    assertThat(reused.statusCode()).isEqualTo(409);
    assertThat(FreeAndRefusedTest.code(reused)).isEqualTo("payment_identifier_reused");
  }

  private Authorization change(Authorization a, UsdcAmount value, long after, long before) {
    return new Authorization(
        a.from(),
        a.to(),
        value,
        after == 0 ? BigInteger.ZERO : BigInteger.valueOf(rig.world.now() + after),
        BigInteger.valueOf(rig.world.now() + before),
        a.nonce());
  }

  private String refusal(JsonNode required, Authorization authorization) {
    return refusal(required, authorization, rig.crawler.sign(authorization));
  }

  private String refusal(JsonNode required, Authorization authorization, Bytes signature) {
    HttpResponse<String> response =
        rig.get(
            "/premium/a",
            "PAYMENT-SIGNATURE",
            Crawler.exact(required, authorization, signature, null));
    assertThat(response.statusCode()).isEqualTo(402);
    return Rig.header(response, "PAYMENT-REQUIRED").get("error").asString();
  }
}
