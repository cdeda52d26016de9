package network.tachi.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import network.tachi.evm.Eip3009.Authorization;
import network.tachi.evm.UsdcAmount;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The process dies at each step of both rails, and the next one goes on: nothing is lost and
 * nothing is paid twice.
 */
class RecoveryTest {
  private static final long PRICE = Rig.PRICE;

  private final Rig rig = new Rig();

  @AfterEach
  void close() {
    rig.world.base.automine(true);
    rig.close();
  }

  @Test
  void diedWhileFetching_shouldReleaseTheAuthorization() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    Authorization authorization = rig.authorize(required);
    String payment = rig.pay(required, authorization);
    CountDownLatch gate = rig.origin.hold("/premium/a");
    var unanswered = rig.getAsync("GET", "/premium/a", "PAYMENT-SIGNATURE", payment);
    Await.until("fetching", () -> !rig.origin.seen().isEmpty());
    rig.crash();
    gate.countDown();
    assertGotNothing(unanswered);
    assertThat(rig.authorizationState(authorization)).isEqualTo("reserved");

    rig.start();
    assertThat(rig.get("/premium/a", "PAYMENT-SIGNATURE", payment).statusCode()).isEqualTo(200);
    assertThat(rig.settlements()).isOne();
  }

  @Test
  void diedWhileSettling_shouldSettleOnceAndStillHaveTheResponse() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    Authorization authorization = rig.authorize(required);
    String payment = rig.pay(required, authorization);
    rig.world.base.automine(false);
    var unanswered = rig.getAsync("GET", "/premium/a", "PAYMENT-SIGNATURE", payment);
    Await.until("settling", () -> rig.authorizationState(authorization).equals("settling"));
    rig.crash();
    assertGotNothing(unanswered);
    rig.world.base.automine(true);
    rig.world.base.mine(1);

    rig.start();
    Await.until("settled", () -> rig.authorizationState(authorization).equals("settled"));
    Await.until("reported", () -> rig.oracle.log().size() == 1);
    HttpResponse<String> response = rig.get("/premium/a", "PAYMENT-SIGNATURE", payment);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("content of /premium/a no. 1");
    assertThat(rig.settlements()).isOne();
    assertThat(rig.vaultBalance()).isEqualTo(UsdcAmount.of(PRICE));
  }

  @Test
  void settlementThatIsSlow_shouldBePendingAndThenDelivered() {
    rig.waiting(Duration.ofMillis(500), Duration.ofSeconds(5)).start();
    JsonNode required = rig.required("/premium/a");
    String payment = rig.pay(required, rig.authorize(required));
    rig.world.base.automine(false);
    HttpResponse<String> pending = rig.get("/premium/a", "PAYMENT-SIGNATURE", payment);
    assertThat(pending.statusCode()).isEqualTo(503);
    assertThat(Rig.header(pending, "PAYMENT-RESPONSE").get("errorReason").asString())
        .isEqualTo("settlement_pending");
    rig.world.base.automine(true);
    rig.world.base.mine(1);
    Await.until(
        "delivery", () -> rig.get("/premium/a", "PAYMENT-SIGNATURE", payment).statusCode() == 200);
    assertThat(rig.settlements()).isOne();
  }

  @Test
  void settlementLostInAReorg_shouldComeAgain() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    Authorization authorization = rig.authorize(required);
    assertThat(
            rig.get("/premium/a", "PAYMENT-SIGNATURE", rig.pay(required, authorization))
                .statusCode())
        .isEqualTo(200);
    rig.world.base.mine(1);
    rig.world.base.reorg(2, List.of());
    Await.until("settled again", () -> rig.vaultBalance().equals(UsdcAmount.of(PRICE)));
    assertThat(rig.settlements()).isOne();
  }

  @Test
  void usageQueuedWhileTheOracleWasDown_shouldBeReportedByTheNextProcess() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    rig.oracle.stop();
    HttpResponse<String> response =
        rig.get("/premium/a", "PAYMENT-SIGNATURE", rig.pay(required, rig.authorize(required)));
    assertThat(response.statusCode()).isEqualTo(200);
    rig.stop();
    assertThat(rig.count("SELECT count(*) FROM gateway.usage_queue WHERE done_at IS NULL")).isOne();
    rig.oracle.start();
    rig.start();
    Await.until(
        "reported",
        () -> rig.count("SELECT count(*) FROM gateway.usage_queue WHERE done_at IS NULL") == 0);
    assertThat(rig.oracle.log()).hasSize(1);
  }

  @Test
  void usageRefusedForAWhile_shouldBeReportedUntilItIsTaken() {
    rig.start();
    rig.oracle.refuse("payment_unknown");
    JsonNode required = rig.required("/premium/a");
    assertThat(
            rig.get("/premium/a", "PAYMENT-SIGNATURE", rig.pay(required, rig.authorize(required)))
                .statusCode())
        .isEqualTo(200);
    Await.until("two reports", () -> rig.oracle.reports().size() >= 2);
    rig.oracle.refuse(null);
    Await.until("logged", () -> rig.oracle.log().size() == 1);
  }

  @Test
  void diedWhileFetchingOnCredit_shouldGiveTheReservationBack() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    CountDownLatch gate = rig.origin.hold("/premium/a");
    var unanswered =
        rig.getAsync("GET", "/premium/a", "PAYMENT-SIGNATURE", rig.crawler.credit(required, PRICE));
    Await.until("fetching", () -> !rig.origin.seen().isEmpty());
    assertThat(rig.standing().reserved()).isEqualTo(UsdcAmount.of(PRICE));
    rig.crash();
    gate.countDown();
    assertGotNothing(unanswered);

    rig.start();
    Await.until("released", () -> rig.standing().reserved().isZero());
    assertThat(
            rig.get("/premium/a", "PAYMENT-SIGNATURE", rig.crawler.credit(required, PRICE))
                .statusCode())
        .isEqualTo(200);
    assertThat(rig.oracle.log()).hasSize(1);
  }

  @Test
  void diedAfterReporting_shouldReportTheSameRequestAgain_andDeliverItOnce() {
    rig.start();
    JsonNode required = rig.required("/premium/a");
    assertThat(
            rig.get("/premium/x", "PAYMENT-SIGNATURE", rig.crawler.credit(required, PRICE))
                .statusCode())
        .isEqualTo(200);
    String payment = rig.crawler.credit(required, 2 * PRICE);
    rig.oracle.silent(true);
    var unanswered = rig.getAsync("GET", "/premium/a", "PAYMENT-SIGNATURE", payment);
    Await.until("reported", () -> rig.oracle.log().size() == 2);
    rig.crash();
    assertGotNothing(unanswered);
    rig.oracle.silent(false);

    rig.start();
    Await.until(
        "attested",
        () -> rig.count("SELECT count(*) FROM gateway.reservation WHERE state = 'attested'") == 1);
    assertThat(rig.standing())
        .isEqualTo(
            new PairStanding(UsdcAmount.of(2 * PRICE), UsdcAmount.ZERO, UsdcAmount.of(2 * PRICE)));
    assertThat(rig.oracle.log()).hasSize(2);
    HttpResponse<String> response = rig.get("/premium/a", "PAYMENT-SIGNATURE", payment);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("content of /premium/a no. 2");
    assertThat(rig.get("/premium/b", "PAYMENT-SIGNATURE", payment).statusCode()).isEqualTo(402);
    assertThat(rig.oracle.log()).hasSize(2);
  }

  @Test
  void diedAfterCharging_shouldGiveTheReplyAgain_withoutACharge() {
    rig.start();
    String payment = rig.crawler.credit(rig.required("/premium/a"), 32 * PRICE);
    HttpResponse<String> lost = rig.get("/premium/a", "PAYMENT-SIGNATURE", payment);
    assertThat(lost.statusCode()).isEqualTo(200);
    rig.crash();

    rig.start();
    HttpResponse<String> again = rig.get("/premium/a", "PAYMENT-SIGNATURE", payment);
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(lost.body());
    assertThat(rig.oracle.log()).hasSize(1);
    assertThat(rig.standing().charged()).isEqualTo(UsdcAmount.of(PRICE));
  }

  @Test
  void paidLongAfterItWasFetched_shouldStillHaveTheResponse_onCredit() {
    rig.waiting(Duration.ofSeconds(20), Duration.ofMillis(700)).start();
    JsonNode required = rig.required("/premium/a");
    assertThat(
            rig.get("/premium/x", "PAYMENT-SIGNATURE", rig.crawler.credit(required, PRICE))
                .statusCode())
        .isEqualTo(200);
    rig.oracle.silent(true);
    String unnamed = rig.crawler.credit(required, 8 * PRICE);
    String named =
        rig.crawler.credit(
            required,
            rig.crawler.voucher(required, 9 * PRICE),
            rig.crawler.key,
            "identifier-000000001");
    assertThat(rig.get("/premium/a", "PAYMENT-SIGNATURE", unnamed).statusCode()).isEqualTo(503);
    assertThat(rig.get("/premium/b", "PAYMENT-SIGNATURE", named).statusCode()).isEqualTo(503);
    rig.stop();
    rig.windowEnds();
    rig.start();
    awaitPurge();
    rig.oracle.silent(false);
    Await.until(
        "attested",
        () -> rig.count("SELECT count(*) FROM gateway.reservation WHERE state = 'attested'") == 2);
    rig.stop();
    rig.toBePurged();
    rig.start();
    awaitPurge();

    HttpResponse<String> first = rig.get("/premium/a", "PAYMENT-SIGNATURE", unnamed);
    assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    assertThat(first.body()).isEqualTo("content of /premium/a no. 2");
    HttpResponse<String> second = rig.get("/premium/b", "PAYMENT-SIGNATURE", named);
    assertThat(second.statusCode()).as(second.body()).isEqualTo(200);
    assertThat(second.body()).isEqualTo("content of /premium/b no. 3");
    assertThat(rig.oracle.log()).hasSize(3);
    rig.stop();
    rig.windowEnds();
    rig.start();
    awaitPurge();
    assertThat(rig.count("SELECT count(*) FROM gateway.response")).isZero();
    Await.until(
        "no identifier", () -> rig.count("SELECT count(*) FROM gateway.payment_identifier") == 0);
  }

  @Test
  void settledLongAfterItWasFetched_shouldStillHaveTheResponse() {
    rig.waiting(Duration.ofMillis(500), Duration.ofSeconds(5)).start();
    JsonNode required = rig.required("/premium/a");
    Authorization authorization = rig.authorize(required);
    String payment = rig.pay(required, authorization);
    rig.world.base.automine(false);
    assertThat(rig.get("/premium/a", "PAYMENT-SIGNATURE", payment).statusCode()).isEqualTo(503);
    rig.stop();
    rig.windowEnds();
    rig.start();
    awaitPurge();
    rig.world.base.automine(true);
    rig.world.base.mine(1);
    Await.until("settled", () -> rig.authorizationState(authorization).equals("settled"));

    HttpResponse<String> response = rig.get("/premium/a", "PAYMENT-SIGNATURE", payment);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("content of /premium/a no. 1");
    assertThat(rig.settlements()).isOne();
  }

  /** A gateway that starts tidies up at once; waits until it has. */
  private void awaitPurge() {
    Await.until(
        "purge",
        () -> rig.count("SELECT count(*) FROM gateway.response WHERE body = 'purge me'") == 0);
  }

  private static void assertGotNothing(CompletableFuture<HttpResponse<String>> unanswered) {
    int status =
        unanswered.handle((response, _) -> response == null ? 0 : response.statusCode()).join();
    assertThat(status).isNotEqualTo(200);
  }
}
