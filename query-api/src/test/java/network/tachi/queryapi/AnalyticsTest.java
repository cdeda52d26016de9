package network.tachi.queryapi;

import static network.tachi.queryapi.Filled.CRAWLER;
import static network.tachi.queryapi.Filled.OTHER;
import static org.assertj.core.api.Assertions.assertThat;

import network.tachi.evm.Keccak;
import network.tachi.proto.v1.AnalyticsServiceGrpc;
import network.tachi.proto.v1.Books;
import network.tachi.proto.v1.Dispute;
import network.tachi.proto.v1.GetBooksRequest;
import network.tachi.proto.v1.GetRevenueRequest;
import network.tachi.proto.v1.ListDisputesRequest;
import network.tachi.proto.v1.ListDisputesResponse;
import network.tachi.proto.v1.ListPaymentsRequest;
import network.tachi.proto.v1.ListPaymentsResponse;
import network.tachi.proto.v1.Payment;
import network.tachi.proto.v1.Revenue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Sums and lists: gRPC and REST say the same, and it is right. */
class AnalyticsTest {
  private static final Filled FILLED = new Filled();

  @AfterAll
  static void stop() {
    FILLED.close();
  }

  @Test
  void getBooks_shouldSumTheChain() {
    Books books =
        FILLED.ask(
            AnalyticsServiceGrpc.getGetBooksMethod(),
            GetBooksRequest.newBuilder().setChainId(World.BASE.value()).build(),
            "/v1/books/" + World.BASE);
    assertThat(books)
        .isEqualTo(
            Books.newBuilder()
                .setChainId(World.BASE.value())
                .setLicenses(3)
                .setPayments(3)
                .setPaid("7000")
                .setRefunded("2000")
                .setWithdrawn("1000")
                .setSwept("500")
                .setFeesTaken("15")
                .setDeposited("100000")
                .setCreditWithdrawn("7000")
                .setClaimed("6000")
                .setFinalisedCredit("9000")
                .setEpochsPosted(2)
                .setEpochsFinalised(1)
                .setDisputes(2)
                .setDisputesRefunded(1)
                .setLogSize(11)
                .setLogCreditEntries(10)
                .setLogCredit("10200")
                .setLogDirectEntries(1)
                .setLogDirect("1000")
                .setAsOf(FILLED.baseHead())
                .build());
  }

  @Test
  void getBooks_ofTheAnchorChain_shouldHoldItsOwnOnly() {
    Books anchored =
        FILLED.world.call(
            AnalyticsServiceGrpc.getGetBooksMethod(),
            GetBooksRequest.newBuilder().setChainId(World.ETHEREUM.value()).build());
    assertThat(anchored.getHeadersAnchored()).isEqualTo(1);
    assertThat(anchored.getLicenses()).isEqualTo(1);
    assertThat(anchored.getPaid()).isEqualTo("0");
    assertThat(anchored.getFinalisedCredit()).isEqualTo("0");
    assertThat(anchored.getAsOf().getBlockNumber()).isEqualTo(1);
  }

  @Test
  void getRevenue_shouldShowBothRails() {
    Revenue revenue =
        FILLED.ask(
            AnalyticsServiceGrpc.getGetRevenueMethod(),
            GetRevenueRequest.newBuilder().setLicenseId("1").build(),
            "/v1/licenses/1/revenue");
    assertThat(revenue.getDirectPaid()).isEqualTo("3000");
    assertThat(revenue.getDirectRefunded()).isEqualTo("2000");
    assertThat(revenue.getDirectWithdrawn()).isEqualTo("1000");
    assertThat(revenue.getCreditEarned()).isEqualTo("8500");
    assertThat(revenue.getCreditClaimed()).isEqualTo("6000");
    assertThat(revenue.getRequests()).isEqualTo(8);
    assertThat(revenue.getTopCrawlersList())
        .extracting(top -> top.getCrawler() + " " + top.getRequests() + " " + top.getAmount())
        .containsExactly(CRAWLER + " 7 7000", OTHER + " 1 2500");
    assertThat(revenue.getAsOf()).isEqualTo(FILLED.baseHead());
  }

  @Test
  void getRevenue_ofALicenceWithoutUse_shouldBeZero() {
    Revenue empty =
        FILLED.world.call(
            AnalyticsServiceGrpc.getGetRevenueMethod(),
            GetRevenueRequest.newBuilder().setLicenseId("3").build());
    assertThat(empty.getDirectPaid()).isEqualTo("0");
    assertThat(empty.getCreditEarned()).isEqualTo("0");
    assertThat(empty.getTopCrawlersList()).isEmpty();
  }

  @Test
  void listPayments_shouldFilter() {
    ListPaymentsResponse all =
        FILLED.ask(
            AnalyticsServiceGrpc.getListPaymentsMethod(),
            ListPaymentsRequest.getDefaultInstance(),
            "/v1/payments");
    assertThat(all.getPaymentsList())
        .extracting(Payment::getAmount)
        .containsExactly("4000", "2000", "1000");
    assertThat(all.getAsOf()).isEqualTo(FILLED.baseHead());
    ListPaymentsResponse some =
        FILLED.ask(
            AnalyticsServiceGrpc.getListPaymentsMethod(),
            ListPaymentsRequest.newBuilder()
                .setChainId(World.BASE.value())
                .setLicenseId("1")
                .setPayer(CRAWLER.toString())
                .build(),
            "/v1/payments?chainId=" + World.BASE + "&licenseId=1&payer=" + CRAWLER);
    assertThat(some.getPaymentsList())
        .extracting(Payment::getAmount)
        .containsExactly("2000", "1000");
  }

  @Test
  void listDisputes_shouldGiveNewestFirst() {
    ListDisputesResponse disputes =
        FILLED.ask(
            AnalyticsServiceGrpc.getListDisputesMethod(),
            ListDisputesRequest.getDefaultInstance(),
            "/v1/disputes");
    assertThat(disputes.getDisputesList())
        .extracting(dispute -> dispute.getDisputeId() + " " + dispute.getState())
        .containsExactly("2 open", "1 refunded");
    assertThat(disputes.getDisputes(1))
        .isEqualTo(
            Dispute.newBuilder()
                .setDisputeId("1")
                .setLicenseId("1")
                .setCrawler(CRAWLER.toString())
                .setAmount("2000")
                .addPaymentIds(Keccak.hash("second").toString())
                .setState("refunded")
                .setEvidenceHash(Keccak.hash("evidence 1").toString())
                .setEvidenceUri("ipfs://evidence/1")
                .build());
  }
}
