package network.tachi.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import network.tachi.contracts.policy.Category;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.Signer;
import network.tachi.evm.UsdcAmount;
import network.tachi.proto.v1.SignedAttestation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Paying by voucher, over real sockets, with a real database and a signed usage log. */
class CreditTest {
  private static final long PRICE = Rig.PRICE;

  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void voucher_shouldBeChargedAttestedAndDelivered() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    HttpResponse<String> response =
        rig.get("/premium/a", "PAYMENT-SIGNATURE", rig.crawler.credit(required, 3 * PRICE));

    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.body()).startsWith("content of /premium/a");
    JsonNode settled = Rig.header(response, "PAYMENT-RESPONSE");
    assertThat(settled.get("success").asBoolean()).isTrue();
    assertThat(settled.get("transaction").asString()).isEmpty();
    JsonNode extra = settled.get("extra");
    assertThat(extra.get("charged").asString()).isEqualTo("2500");
    assertThat(extra.get("reserved").asString()).isEqualTo("0");
    assertThat(extra.get("cumulativeMax").asString()).isEqualTo("7500");
    JsonNode attestation = Rig.header(response, "Tachi-Attestation");
    assertThat(attestation.get("attestation").get("requestId")).isEqualTo(extra.get("requestId"));
    assertThat(attestation.get("attestation").get("rail").asString()).isEqualTo("2");
    assertThat(attestation.get("attestation").propertyNames()).hasSize(15);
    assertThat(attestation.get("signature").asString()).hasSize(132);
    assertThat(rig.oracle.log()).hasSize(1);
  }

  @Test
  void manyInFlightOutOfOrder_shouldAllFitUnderTheHighestCeiling() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    long seed = System.nanoTime();
    List<Long> ceilings = new ArrayList<>();
    for (int i = 1; i <= 24; i++) {
      ceilings.add(24 * PRICE);
    }
    for (int i = 1; i <= 16; i++) {
      ceilings.add(24 * PRICE + i * PRICE);
    }
    Collections.shuffle(ceilings.subList(0, 24), new Random(seed));
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    for (long ceiling : ceilings) {
      all.add(
          rig.getAsync(
              "GET",
              "/premium/" + all.size(),
              "PAYMENT-SIGNATURE",
              rig.crawler.credit(required, ceiling)));
    }
    Set<String> requestIds = new HashSet<>();
    for (var one : all) {
      HttpResponse<String> response = one.join();
      if (response.statusCode() == 200) {
        requestIds.add(
            Rig.header(response, "PAYMENT-RESPONSE").get("extra").get("requestId").asString());
      } else {
        assertThat(response.statusCode()).as("seed " + seed).isEqualTo(402);
        assertThat(error(response)).isEqualTo("voucher_exceeded");
      }
    }
    assertThat(requestIds).as("seed " + seed).hasSize(rig.oracle.log().size());
    assertThat(requestIds.size()).isBetween(24, 40);
    PairStanding standing = rig.standing();
    assertThat(standing.reserved()).isEqualTo(UsdcAmount.ZERO);
    assertThat(standing.charged()).isEqualTo(UsdcAmount.of(PRICE * requestIds.size()));
    assertThat(standing.charged()).isLessThanOrEqualTo(standing.cumulativeMax());
  }

  @Test
  void twoGateways_shouldShareOneCeiling() {
    rig.start();
    GatewayRole second = rig.startAnother("second");
    JsonNode required = rig.required("/premium/a");
    String payment = rig.crawler.credit(required, 10 * PRICE);
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      GatewayRole role = i % 2 == 0 ? rig.running() : second;
      all.add(rig.getAsync(role, "GET", "/premium/" + i, "PAYMENT-SIGNATURE", payment));
    }
    List<Integer> answers = all.stream().map(one -> one.join().statusCode()).toList();
    assertThat(answers.stream().filter(status -> status == 200)).hasSize(10);
    assertThat(answers.stream().filter(status -> status == 402)).hasSize(14);
    assertThat(rig.oracle.log()).hasSize(10);
    assertThat(rig.standing().charged()).isEqualTo(UsdcAmount.of(10 * PRICE));
  }

  @Test
  void lowerVoucherThatIsCovered_shouldBeFine() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    assertThat(pay(required, "/premium/a", 4 * PRICE).statusCode()).isEqualTo(200);
    assertThat(pay(required, "/premium/b", PRICE).statusCode()).isEqualTo(200);
    assertThat(rig.standing().charged()).isEqualTo(UsdcAmount.of(2 * PRICE));
    assertThat(rig.standing().cumulativeMax()).isEqualTo(UsdcAmount.of(4 * PRICE));
  }

  @Test
  void ceilingTooLow_shouldBeRefusedWithWhatANewVoucherNeeds() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    assertThat(pay(required, "/premium/a", PRICE).statusCode()).isEqualTo(200);
    HttpResponse<String> refused = pay(required, "/premium/b", PRICE);

    assertThat(refused.statusCode()).isEqualTo(402);
    assertThat(error(refused)).isEqualTo("voucher_exceeded");
    JsonNode extra = Rig.header(refused, "PAYMENT-REQUIRED").get("accepts").get(1).get("extra");
    assertThat(extra.get("charged").asString()).isEqualTo("2500");
    assertThat(extra.get("reserved").asString()).isEqualTo("0");
    assertThat(extra.get("cumulativeMax").asString()).isEqualTo("2500");
    assertThat(rig.origin.seen()).hasSize(1);
    assertThat(pay(required, "/premium/b", 2 * PRICE).statusCode()).isEqualTo(200);
  }

  @Test
  void wrongVouchers_shouldBeRefused() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    CrawlVoucher good = rig.crawler.voucher(required, PRICE);
    Signer stranger = World.signer("stranger");
    assertThat(refusal(required, good, stranger)).isEqualTo("voucher_signature");
    Hash terms = Keccak.hash("other terms");
    assertThat(
            refusal(
                required,
                new CrawlVoucher(good.crawler(), good.licenseId(), good.cumulativeMax(), terms),
                null))
        .isEqualTo("terms_outdated");
    var otherLicense = network.tachi.evm.LicenseId.of(rig.licenseId.value() + 1_000);
    assertThat(
            refusal(
                required,
                new CrawlVoucher(
                    good.crawler(), otherLicense, good.cumulativeMax(), good.termsHash()),
                null))
        .isEqualTo("voucher_mismatch");
    assertThat(rig.origin.seen()).isEmpty();
    assertThat(rig.count("SELECT count(*) FROM gateway.pair_ceiling")).isZero();
  }

  @Test
  void registeredSigner_shouldSignUntilItIsRevoked() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    Signer delegate = World.signer(World.unique("delegate"));
    CrawlVoucher voucher = rig.crawler.voucher(required, 10 * PRICE);
    assertThat(refusal(required, voucher, delegate)).isEqualTo("voucher_signature");
    rig.registerSigner(delegate.address(), rig.world.now() + 1_000_000);
    assertThat(pay(required, voucher, delegate).statusCode()).isEqualTo(200);
    rig.revokeSigner(delegate.address());
    assertThat(refusal(required, voucher, delegate)).isEqualTo("voucher_signature");
    // What the revoked signer allowed is void for vouchers of others too.
    HttpResponse<String> own = pay(required, "/premium/b", PRICE);
    assertThat(error(own)).isEqualTo("voucher_exceeded");
    assertThat(pay(required, "/premium/b", 2 * PRICE).statusCode()).isEqualTo(200);
  }

  @Test
  void newPolicy_shouldVoidCeilingsForTheOldOne() {
    rig.start();
    JsonNode before = rig.required("/premium/a");
    assertThat(pay(before, "/premium/a", 100 * PRICE).statusCode()).isEqualTo(200);
    rig.policy(2, Rig.rule("/premium/*", Category.PREMIUM, 2 * PRICE));
    Await.until(
        "the new policy",
        () ->
            !rig.required("/premium/a").get("accepts").get(1).equals(before.get("accepts").get(1)));
    assertThat(error(pay(before, "/premium/a", 100 * PRICE))).isEqualTo("terms_outdated");
    JsonNode after = rig.required("/premium/a");
    assertThat(error(pay(after, "/premium/a", 2 * PRICE))).isEqualTo("voucher_exceeded");
    assertThat(pay(after, "/premium/a", 3 * PRICE).statusCode()).isEqualTo(200);
  }

  @Test
  void voucherForAPolicyJustPublished_shouldBeTakenAtOnce() {
    rig.start();
    JsonNode before = rig.required("/premium/a");
    var policy = rig.policy(2, Rig.rule("/premium/*", Category.PREMIUM, 2 * PRICE));
    CrawlVoucher voucher =
        new CrawlVoucher(
            rig.crawler.address(), rig.licenseId, UsdcAmount.of(2 * PRICE), policy.hash());
    assertThat(pay(before, voucher, rig.crawler.key).statusCode()).isEqualTo(200);
  }

  @Test
  void originThatFails_shouldNotBeCharged() {
    rig.policy(2, Rig.rule("/*", Category.PREMIUM, PRICE));
    rig.start();
    JsonNode required = rig.required("/a");
    for (String path : new String[] {"/missing", "/error", "/broken", "/huge", "/moved"}) {
      assertThat(pay(required, path, PRICE).statusCode()).as(path).isIn(302, 404, 500, 502);
    }
    assertThat(rig.standing())
        .isEqualTo(new PairStanding(UsdcAmount.ZERO, UsdcAmount.ZERO, UsdcAmount.of(PRICE)));
    assertThat(rig.oracle.reports()).isEmpty();
    assertThat(pay(required, "/fine", PRICE).statusCode()).isEqualTo(200);
  }

  @Test
  void oracleThatRefuses_shouldGiveItsCode_andTheReservationBack() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    rig.oracle.refuse("credit_insufficient");
    HttpResponse<String> refused = pay(required, "/premium/a", PRICE);
    assertThat(refused.statusCode()).isEqualTo(402);
    assertThat(error(refused)).isEqualTo("credit_insufficient");
    assertThat(refused.body()).doesNotContain("content of");
    rig.oracle.refuse(null);
    assertThat(pay(required, "/premium/a", PRICE).statusCode()).isEqualTo(200);
    assertThat(rig.standing().charged()).isEqualTo(UsdcAmount.of(PRICE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"index_stale", "epochs_stalled"})
  void oracleThatGivesNoCreditNow_shouldBe503_andNotCharge(String code) {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    rig.oracle.refuse(code);
    HttpResponse<String> later = pay(required, "/premium/a", PRICE);
    assertThat(later.statusCode()).isEqualTo(503);
    assertThat(later.headers().firstValue("retry-after")).isPresent();
    assertThat(later.body()).contains("nothing was charged").doesNotContain("content of");
    assertThat(rig.standing().reserved()).isEqualTo(UsdcAmount.ZERO);
    rig.oracle.refuse(null);
    assertThat(pay(required, "/premium/a", PRICE).statusCode()).isEqualTo(200);
    assertThat(rig.oracle.log()).hasSize(1);
  }

  @Test
  void requestOfARetiredAttestationKey_shouldBeReportedUntilItIsAttested() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    rig.oracle.refuse("attestation_key_retired");
    HttpResponse<String> later = pay(required, "/premium/a", PRICE);
    assertThat(later.statusCode()).isEqualTo(503);
    assertThat(later.body()).contains("same voucher").doesNotContain("content of");
    assertThat(rig.standing().reserved()).isEqualTo(UsdcAmount.of(PRICE));
    Await.until("another report", () -> rig.oracle.reports().size() >= 2);
    rig.oracle.refuse(null);
    Await.until("charged", () -> rig.standing().charged().equals(UsdcAmount.of(PRICE)));
    HttpResponse<String> repeated = pay(required, "/premium/a", PRICE);
    assertThat(repeated.statusCode()).isEqualTo(200);
    assertThat(rig.oracle.log()).hasSize(1);
    assertThat(rig.origin.seen()).hasSize(1);
  }

  @Test
  void oracleThatIsDown_shouldBe503_andNotCharge() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    assertThat(pay(required, "/premium/a", PRICE).statusCode()).isEqualTo(200);
    rig.oracle.stop();
    HttpResponse<String> down = pay(required, "/premium/b", 2 * PRICE);
    assertThat(down.statusCode()).isEqualTo(503);
    assertThat(down.headers().firstValue("retry-after")).hasValue("1");
    assertThat(down.body()).doesNotContain("content of");
    assertThat(rig.standing().reserved()).isEqualTo(UsdcAmount.ZERO);
    rig.oracle.start();
    Await.until("the oracle", () -> pay(required, "/premium/b", 2 * PRICE).statusCode() == 200);
    assertThat(rig.oracle.log()).hasSize(2);
    assertThat(rig.standing().charged()).isEqualTo(UsdcAmount.of(2 * PRICE));
  }

  @Test
  void oracleThatDoesNotAnswer_shouldNotCostTwice() {
    rig.waiting(Duration.ofSeconds(20), Duration.ofMillis(700)).start();
    JsonNode required = rig.required("/premium/a");
    assertThat(pay(required, "/premium/a", PRICE).statusCode()).isEqualTo(200);
    rig.oracle.silent(true);
    String payment = rig.crawler.credit(required, 2 * PRICE);
    assertThat(rig.get("/premium/b", "PAYMENT-SIGNATURE", payment).statusCode()).isEqualTo(503);
    rig.oracle.silent(false);

    HttpResponse<String> again = rig.get("/premium/b", "PAYMENT-SIGNATURE", payment);
    assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
    assertThat(rig.oracle.log()).hasSize(2);
    assertThat(rig.standing().charged()).isEqualTo(UsdcAmount.of(2 * PRICE));
    assertThat(rig.origin.seen()).hasSize(2);
    assertThat(error(rig.get("/premium/c", "PAYMENT-SIGNATURE", payment)))
        .isEqualTo("voucher_exceeded");
  }

  @Test
  void lostReply_shouldComeAgainWithTheSameVoucher_withoutACharge() {
    rig.start();
    GatewayRole second = rig.startAnother("second");
    JsonNode required = rig.required("/premium/a");
    String payment = rig.crawler.credit(required, 32 * PRICE);
    HttpResponse<String> lost = rig.get("/premium/a", "PAYMENT-SIGNATURE", payment);
    assertThat(lost.statusCode()).as(lost.body()).isEqualTo(200);
    for (GatewayRole role : List.of(rig.running(), second, rig.running())) {
      HttpResponse<String> again =
          rig.getAsync(role, "GET", "/premium/a", "PAYMENT-SIGNATURE", payment).join();
      assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
      assertThat(again.body()).isEqualTo(lost.body());
      assertThat(again.headers().firstValue("tachi-attestation"))
          .isEqualTo(lost.headers().firstValue("tachi-attestation"));
    }
    assertThat(rig.standing().charged()).isEqualTo(UsdcAmount.of(PRICE));
    assertThat(rig.oracle.log()).hasSize(1);
    assertThat(rig.origin.seen()).hasSize(1);
    // The same voucher still buys anything else.
    assertThat(rig.get("/premium/b", "PAYMENT-SIGNATURE", payment).statusCode()).isEqualTo(200);
    assertThat(rig.get("/premium/a?x", "PAYMENT-SIGNATURE", payment).statusCode()).isEqualTo(200);
    assertThat(rig.standing().charged()).isEqualTo(UsdcAmount.of(3 * PRICE));
  }

  @Test
  void sameRequestAgain_shouldBeBoughtByAnotherVoucherOrAnotherIdentifier() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    CrawlVoucher voucher = rig.crawler.voucher(required, 32 * PRICE);
    List<String> payments =
        List.of(
            rig.crawler.credit(required, 32 * PRICE),
            rig.crawler.credit(required, 33 * PRICE),
            rig.crawler.credit(required, voucher, rig.crawler.key, "identifier-000000001"),
            rig.crawler.credit(required, voucher, rig.crawler.key, "identifier-000000002"));
    Set<String> bodies = new HashSet<>();
    for (String payment : payments) {
      HttpResponse<String> response = rig.get("/premium/a", "PAYMENT-SIGNATURE", payment);
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      bodies.add(response.body());
    }
    assertThat(bodies).hasSize(4);
    assertThat(rig.standing().charged()).isEqualTo(UsdcAmount.of(4 * PRICE));
  }

  @Test
  void lostReplyAfterTheWindow_shouldBeANewRequest() {
    rig.keeping(Duration.ofMillis(1)).start();
    JsonNode required = rig.required("/premium/a");
    String payment = rig.crawler.credit(required, 32 * PRICE);
    assertThat(rig.get("/premium/a", "PAYMENT-SIGNATURE", payment).statusCode()).isEqualTo(200);
    assertThat(rig.get("/premium/a", "PAYMENT-SIGNATURE", payment).statusCode()).isEqualTo(200);
    assertThat(rig.oracle.log()).hasSize(2);
  }

  @Test
  void badAttestation_shouldNotReleaseTheContent() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    rig.oracle.tamper(signed ->
        signed.toBuilder()
            .setAttestation(signed.getAttestation().toBuilder().setUnitPrice("1"))
            .build());
    HttpResponse<String> response = pay(required, "/premium/a", PRICE);
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).doesNotContain("content of");
    rig.oracle.tamper(signed ->
        SignedAttestation.newBuilder(signed).setSignature("0x" + "11".repeat(65)).build());
    assertThat(pay(required, "/premium/c", 2 * PRICE).statusCode()).isEqualTo(503);
    assertThat(rig.metrics.scrape()).contains("tachi_gateway_attestations_bad_total");
  }

  @Test
  void chargesOfOthers_shouldBeLearned() {
    rig.oracle.chargeElsewhere(rig.crawler.address(), rig.licenseId, UsdcAmount.of(PRICE));
    rig.start();
    JsonNode required = rig.required("/premium/a");
    assertThat(error(pay(required, "/premium/a", PRICE))).isEqualTo("voucher_exceeded");
    assertThat(pay(required, "/premium/a", 2 * PRICE).statusCode()).isEqualTo(200);
    assertThat(rig.standing().charged()).isEqualTo(UsdcAmount.of(2 * PRICE));
  }

  @Test
  void sameIdentifier_shouldGiveTheSameResponse_alsoAtTheSameTime() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    CrawlVoucher voucher = rig.crawler.voucher(required, 5 * PRICE);
    String payment = rig.crawler.credit(required, voucher, rig.crawler.key, "identifier-000000001");
    CountDownLatch gate = rig.origin.hold("/premium/a");
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(rig.getAsync("GET", "/premium/a", "PAYMENT-SIGNATURE", payment));
    }
    Await.until("fetching", () -> !rig.origin.seen().isEmpty());
    gate.countDown();
    Set<String> answers = new HashSet<>();
    for (var one : all) {
      assertThat(one.join().statusCode()).as(one.join().body()).isEqualTo(200);
      answers.add(one.join().body() + one.join().headers().firstValue("tachi-attestation"));
    }
    assertThat(answers).hasSize(1);
    assertThat(rig.oracle.log()).hasSize(1);
    HttpResponse<String> other =
        rig.get(
            "/premium/a",
            "PAYMENT-SIGNATURE",
            rig.crawler.credit(
                required,
                rig.crawler.voucher(required, 6 * PRICE),
                rig.crawler.key,
                "identifier-000000001"));
    assertThat(other.statusCode()).isEqualTo(409);
  }

  @Test
  void repeatWhileTheFirstIsUnderWay_shouldGetItsResponse_thoughTheVoucherCoversOnlyOne() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    CrawlVoucher one = rig.crawler.voucher(required, PRICE);
    CrawlVoucher two = rig.crawler.voucher(required, 2 * PRICE);
    assertOneResponse("/premium/a", rig.crawler.credit(required, one, rig.crawler.key, null), 1);
    assertOneResponse(
        "/premium/b",
        rig.crawler.credit(required, two, rig.crawler.key, "identifier-000000001"),
        2);
    assertThat(rig.standing().charged()).isEqualTo(UsdcAmount.of(2 * PRICE));
  }

  @Test
  void crawlerWithoutADeposit_shouldBeRefusedBeforeAnythingIsDone() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    Crawler stranger = new Crawler(World.signer(World.unique("penniless")), rig.world.settlement);
    CrawlVoucher boundless =
        new CrawlVoucher(
            stranger.address(),
            rig.licenseId,
            UsdcAmount.MAX,
            stranger.voucher(required, PRICE).termsHash());
    HttpResponse<String> refused =
        rig.get(
            "/premium/a",
            "PAYMENT-SIGNATURE",
            stranger.credit(required, boundless, stranger.key, null));
    assertThat(refused.statusCode()).isEqualTo(402);
    assertThat(error(refused)).isEqualTo("credit_insufficient");
    assertThat(rig.origin.seen()).isEmpty();
    assertThat(rig.count("SELECT count(*) FROM gateway.pair_ceiling")).isZero();
    assertThat(rig.count("SELECT count(*) FROM gateway.reservation")).isZero();
    assertThat(rig.count("SELECT count(*) FROM gateway.response")).isZero();

    rig.deposit(stranger.address(), UsdcAmount.of(PRICE));
    String payment = stranger.credit(required, PRICE);
    assertThat(rig.get("/premium/a", "PAYMENT-SIGNATURE", payment).statusCode()).isEqualTo(200);
  }

  @Test
  void depositOfThree_shouldServeThree_howeverManyComeAtOnce() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    Crawler poor = new Crawler(World.signer(World.unique("poor")), rig.world.settlement);
    rig.deposit(poor.address(), UsdcAmount.of(5 * PRICE + PRICE / 2));
    // Two of the five were charged for another licence.
    rig.chargedElsewhere(poor.address(), UsdcAmount.of(2 * PRICE));
    String payment = poor.credit(required, 100 * PRICE);
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(rig.getAsync("GET", "/premium/" + i, "PAYMENT-SIGNATURE", payment));
    }
    List<HttpResponse<String>> refused =
        all.stream()
            .map(CompletableFuture::join)
            .filter(response -> response.statusCode() != 200)
            .toList();
    assertThat(refused)
        .hasSize(17)
        .allSatisfy(response -> assertThat(error(response)).isEqualTo("credit_insufficient"));
    assertThat(rig.origin.seen()).hasSize(3);
    assertThat(rig.oracle.log()).hasSize(3);
    // Who lost a reply gets it again, though the deposit is used up.
    rig.deposit(poor.address(), UsdcAmount.of(PRICE));
    String last = rig.get("/premium/z", "PAYMENT-SIGNATURE", payment).body();
    assertThat(rig.get("/premium/z", "PAYMENT-SIGNATURE", payment).body()).isEqualTo(last);
    assertThat(rig.oracle.log()).hasSize(4);
  }

  @Test
  void requestsThatCameToNothing_shouldBeForgotten() {
    rig.policy(2, Rig.rule("/*", Category.PREMIUM, PRICE));
    rig.start();
    JsonNode required = rig.required("/premium/a");
    rig.oracle.refuse("license_not_payable");
    assertThat(pay(required, "/premium/a", PRICE).statusCode()).isEqualTo(402);
    assertThat(pay(required, "/missing", PRICE).statusCode()).isEqualTo(404);
    rig.oracle.refuse(null);
    assertThat(pay(required, "/premium/b", PRICE).statusCode()).isEqualTo(200);
    assertThat(rig.count("SELECT count(*) FROM gateway.response")).isOne();
    assertThat(rig.count("SELECT count(*) FROM gateway.reservation")).isEqualTo(3);
    rig.stop();
    rig.owner()
        .dsl()
        .execute("UPDATE gateway.reservation SET updated_at = now() - interval '16 min'");
    rig.start();
    Await.until("tidy", () -> rig.count("SELECT count(*) FROM gateway.reservation") == 1);
    assertThat(rig.count("SELECT count(*) FROM gateway.reservation WHERE state = 'served'"))
        .isOne();
  }

  private void assertOneResponse(String path, String payment, int fetched) {
    CountDownLatch gate = rig.origin.hold(path);
    var first = rig.getAsync("GET", path, "PAYMENT-SIGNATURE", payment);
    Await.until("fetching", () -> rig.origin.seen().size() == fetched);
    var repeat = rig.getAsync("GET", path, "PAYMENT-SIGNATURE", payment);
    assertThatExceptionOfType(TimeoutException.class)
        .as("the repeated request waits")
        .isThrownBy(() -> repeat.get(700, TimeUnit.MILLISECONDS));
    gate.countDown();
    assertThat(first.join().statusCode()).as(first.join().body()).isEqualTo(200);
    assertThat(repeat.join().statusCode()).as(repeat.join().body()).isEqualTo(200);
    assertThat(repeat.join().body()).isEqualTo(first.join().body());
    assertThat(rig.oracle.log()).hasSize(fetched);
  }

  private HttpResponse<String> pay(JsonNode required, String path, long cumulativeMax) {
    return rig.get(path, "PAYMENT-SIGNATURE", rig.crawler.credit(required, cumulativeMax));
  }

  private HttpResponse<String> pay(JsonNode required, CrawlVoucher voucher, Signer signer) {
    return rig.get(
        "/premium/a", "PAYMENT-SIGNATURE", rig.crawler.credit(required, voucher, signer, null));
  }

  private String refusal(JsonNode required, CrawlVoucher voucher, @Nullable Signer signer) {
    HttpResponse<String> response =
        pay(required, voucher, signer == null ? rig.crawler.key : signer);
    assertThat(response.statusCode()).isEqualTo(402);
    return error(response);
  }

  private static String error(HttpResponse<String> response) {
    return Rig.header(response, "PAYMENT-REQUIRED").get("error").asString();
  }
}
