package network.tachi.queryapi;

import static network.tachi.queryapi.Filled.ALICE;
import static network.tachi.queryapi.Filled.CRAWLER;
import static network.tachi.queryapi.Filled.OTHER;
import static network.tachi.store.jooq.projection.Tables.LICENSE_DEACTIVATED;
import static network.tachi.store.jooq.projection.Tables.LICENSE_SUSPENDED;
import static org.assertj.core.api.Assertions.assertThat;

import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.proto.v1.Credit;
import network.tachi.proto.v1.GetCreditRequest;
import network.tachi.proto.v1.Payment;
import network.tachi.proto.v1.VerificationServiceGrpc;
import network.tachi.proto.v1.VerifyLicenseRequest;
import network.tachi.proto.v1.VerifyLicenseResponse;
import network.tachi.proto.v1.VerifyPaymentRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Licences, payments and credit: gRPC and REST say the same, and it is right. */
class LicenseAndPaymentTest {
  private static final Filled FILLED = new Filled();

  @AfterAll
  static void stop() {
    FILLED.close();
  }

  @Test
  void verifyLicense_shouldSayWhetherAndWhyNot() {
    VerifyLicenseResponse valid =
        FILLED.ask(
            VerificationServiceGrpc.getVerifyLicenseMethod(),
            VerifyLicenseRequest.newBuilder().setLicenseId("1").build(),
            "/v1/licenses/1");
    assertThat(valid.getValid()).isTrue();
    assertThat(valid.getReason()).isEmpty();
    assertThat(valid.getPublisher()).isEqualTo(FILLED.first());
    assertThat(valid.getAsOf()).isEqualTo(FILLED.baseHead());
    assertThat(
            FILLED
                .ask(
                    VerificationServiceGrpc.getVerifyLicenseMethod(),
                    VerifyLicenseRequest.newBuilder().setDomain("news.example").build(),
                    "/v1/licenses?domain=news.example")
                .getPublisher())
        .isEqualTo(FILLED.first());
  }

  @Test
  void verifyLicense_unknown_shouldSayWhatIsMissing() {
    assertThat(reason(FILLED.world, VerifyLicenseRequest.newBuilder().setLicenseId("77")))
        .isEqualTo("unknown_license");
    assertThat(reason(FILLED.world, VerifyLicenseRequest.newBuilder().setDomain("nobody.example")))
        .isEqualTo("unknown_license");
    assertThat(reason(FILLED.world, VerifyLicenseRequest.newBuilder().setDomain("wish.example")))
        .isEqualTo("unverified_domain");
  }

  @Test
  void verifyLicense_inactiveOrSuspended_shouldNotBeValid() {
    try (World other = new World()) {
      other.base.block(block -> {
        World.mint(block, 1, ALICE);
        World.mint(block, 2, ALICE);
        block.event(LICENSE_DEACTIVATED).set(LICENSE_DEACTIVATED.LICENSE_ID, 1L).emit();
        block.event(LICENSE_SUSPENDED).set(LICENSE_SUSPENDED.LICENSE_ID, 2L).emit();
      });
      assertThat(reason(other, VerifyLicenseRequest.newBuilder().setLicenseId("1")))
          .isEqualTo("inactive");
      assertThat(reason(other, VerifyLicenseRequest.newBuilder().setLicenseId("2")))
          .isEqualTo("suspended");
    }
  }

  private static String reason(World world, VerifyLicenseRequest.Builder request) {
    VerifyLicenseResponse answer =
        world.call(VerificationServiceGrpc.getVerifyLicenseMethod(), request.build());
    assertThat(answer.getValid()).isEqualTo(answer.getReason().isEmpty());
    return answer.getReason();
  }

  @Test
  void verifyPayment_shouldGiveItsState() {
    Hash id = Keccak.hash("first");
    Payment payment =
        FILLED.ask(
            VerificationServiceGrpc.getVerifyPaymentMethod(),
            VerifyPaymentRequest.newBuilder()
                .setChainId(World.BASE.value())
                .setPaymentId(id.toString())
                .build(),
            "/v1/payments/" + World.BASE + "/" + id);
    assertThat(payment)
        .isEqualTo(
            Payment.newBuilder()
                .setPaymentId(id.toString())
                .setLicenseId("1")
                .setPayer(CRAWLER.toString())
                .setAmount("1000")
                .setState("paid")
                .setMethod("authorization")
                .setTxHash(FILLED.payTx.toString())
                .setPaidAt(TestChain.time(2))
                .setNonce(Keccak.hash("nonce first").toString())
                .setAsOf(FILLED.baseHead())
                .build());
    assertThat(state("second")).isEqualTo("refunded");
    assertThat(state("third")).isEqualTo("held");
  }

  private static String state(String payment) {
    return FILLED
        .world
        .call(
            VerificationServiceGrpc.getVerifyPaymentMethod(),
            VerifyPaymentRequest.newBuilder()
                .setChainId(World.BASE.value())
                .setPaymentId(Keccak.hash(payment).toString())
                .build())
        .getState();
  }

  @Test
  void getCredit_shouldAddUp() {
    Credit credit =
        FILLED.ask(
            VerificationServiceGrpc.getGetCreditMethod(),
            GetCreditRequest.newBuilder().setCrawler(CRAWLER.toString()).build(),
            "/v1/crawlers/" + CRAWLER.toLowerCaseString() + "/credit");
    assertThat(credit)
        .isEqualTo(
            Credit.newBuilder()
                .setCrawler(CRAWLER.toString())
                .setDeposited("100000")
                .setWithdrawn("7000")
                .setThawing("3000")
                .setCharged("6200")
                .setAvailable("83800")
                .setAsOf(FILLED.baseHead())
                .build());
    assertThat(
            FILLED
                .world
                .call(
                    VerificationServiceGrpc.getGetCreditMethod(),
                    GetCreditRequest.newBuilder().setCrawler(OTHER.toString()).build())
                .getAvailable())
        .isEqualTo("0");
  }
}
