package network.tachi.queryapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.http.HttpResponse;
import network.tachi.evm.Hash;
import network.tachi.proto.v1.AnalyticsServiceGrpc;
import network.tachi.proto.v1.GetBooksRequest;
import network.tachi.proto.v1.GetInclusionProofRequest;
import network.tachi.proto.v1.ListPaymentsRequest;
import network.tachi.proto.v1.Page;
import network.tachi.proto.v1.VerificationServiceGrpc;
import network.tachi.proto.v1.VerifyPaymentRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What is wrong is said with a stable code, by the field, with what was expected and found. */
class ErrorsTest {
  private static final Filled FILLED = new Filled();

  @AfterAll
  static void stop() {
    FILLED.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/payments/84532/0x1111111111111111111111111111111111111111111111111111111111111111,not_found",
    "/v1/payments/5/0x1111111111111111111111111111111111111111111111111111111111111111,not_found",
    "/v1/books/5,not_found",
    "/v1/log/11,not_found",
    "/v1/log/11/proof,not_found",
    "/v1/epochs/9,not_found",
    "/v1/licenses/77/claim,not_found",
    "/v1/licenses/77/revenue,not_found",
    "/v1/licenses/77/policy,not_found",
    "/v1/licenses/2/policy,not_found",
    "/v1/licenses/1/policy?version=2,not_found",
    "/v1/licenses/3/claim,nothing_earned",
    "/v1/resolve?url=https%3A%2F%2Fwish.example%2F,unknown_publisher",
    "/v1/nowhere,unknown_route",
  })
  void unknown_shouldBe404WithCode(String path, String code) {
    HttpResponse<String> response = FILLED.world.get(path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(404);
    assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
    JsonNode problem = World.json(response);
    assertThat(problem.path("code").asString()).isEqualTo(code);
    assertThat(problem.path("status").asInt()).isEqualTo(404);
    assertThat(problem.path("detail").asString()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/payments/84532/0x11|paymentId|0x11",
        "/v1/payments/84532/zz|paymentId|zz",
        "/v1/payments/base/0x11|chainId|base",
        "/v1/payments?payer=0x12|payer|0x12",
        "/v1/payments?licenseId=0|licenseId|0",
        "/v1/payments?licenseId=-1|licenseId|-1",
        "/v1/payments?licenseId=9223372036854775808|licenseId|9223372036854775808",
        "/v1/licenses/abc|licenseId|abc",
        "/v1/licenses/abc/claim|licenseId|abc",
        "/v1/licenses?domain=a_b|domain|a_b",
        "/v1/crawlers/0xAb5801a7D398351b8bE11C439e05C5b3259aec9B/credit|crawler|",
        "/v1/log/-1|logIndex|-1",
        "/v1/log/18446744073709551615|logIndex|18446744073709551615",
        "/v1/log/3/proof?logSize=12|logSize|12",
        "/v1/log/consistency?fromSize=8&toSize=3|fromSize|8",
        "/v1/log/consistency?fromSize=1&toSize=99|toSize|99",
        "/v1/epochs/first|epoch|first",
        "/v1/resolve?url=ftp%3A%2F%2Fa.example%2F|url|ftp://a.example/",
        "/v1/resolve?url=https%3A%2F%2Fnews.example%2Fa%2F..%2Fb|url|https://news.example/a/../b",
        "/v1/resolve?url=https%3A%2F%2Fnews.example%2F&purpose=fun|purpose|fun",
        "/v1/payments?page.size=1001|page.size|1001",
        "/v1/payments?page.size=x|page.size|x",
        "/v1/payments?colour=red|colour|unknown parameter",
      })
  void malformed_shouldBe400NamingTheField(String path, String field, String found) {
    HttpResponse<String> response = FILLED.world.get(path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    JsonNode problem = World.json(response);
    assertThat(problem.path("code").asString()).isEqualTo("invalid_argument");
    assertThat(problem.path("field").asString()).isEqualTo(field);
    assertThat(problem.path("expected").asString()).isNotEmpty();
    if (found != null) {
      assertThat(problem.path("found").asString()).isEqualTo(found);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/payments?page.token=garbage",
    "/v1/payments?page.token=%25%25",
    "/v1/epochs?page.token=AAAAAAAAAAAAAAAAAAAAAA",
    "/v1/publishers?page.token=AAAA",
  })
  void pageToken_garbage_shouldBeRefused(String path) {
    HttpResponse<String> response = FILLED.world.get(path);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    assertThat(World.json(response).path("code").asString()).isEqualTo("invalid_page_token");
    assertThat(World.json(response).path("field").asString()).isEqualTo("page.token");
  }

  @Test
  void pageToken_ofAnotherFilter_shouldBeRefused() {
    String token =
        World.json(FILLED.world.get("/v1/payments?licenseId=1&page.size=1"))
            .path("nextPageToken")
            .asString();
    assertThat(token).isNotEmpty();
    assertThat(FILLED.world.get("/v1/payments?licenseId=1&page.token=" + token).statusCode())
        .isEqualTo(200);
    assertThat(FILLED.world.get("/v1/payments?licenseId=2&page.token=" + token).statusCode())
        .isEqualTo(400);
  }

  @Test
  void inclusionProof_beyondTheSize_shouldSayNotCovered() {
    HttpResponse<String> response = FILLED.world.get("/v1/log/10/proof");
    assertThat(response.statusCode()).isEqualTo(409);
    assertThat(World.json(response).path("code").asString()).isEqualTo("not_covered");
    StatusRuntimeException refused =
        FILLED.world.refused(
            VerificationServiceGrpc.getGetInclusionProofMethod(),
            GetInclusionProofRequest.newBuilder().setLogIndex(5).setLogSize(5).build());
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
  }

  @Test
  void grpc_shouldCarryTheSameErrors() {
    StatusRuntimeException unknown =
        FILLED.world.refused(
            VerificationServiceGrpc.getVerifyPaymentMethod(),
            VerifyPaymentRequest.newBuilder()
                .setChainId(World.BASE.value())
                .setPaymentId(Hash.ZERO.toString())
                .build());
    assertThat(unknown.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    StatusRuntimeException malformed =
        FILLED.world.refused(
            VerificationServiceGrpc.getVerifyPaymentMethod(),
            VerifyPaymentRequest.newBuilder()
                .setChainId(World.BASE.value())
                .setPaymentId("0x12")
                .build());
    assertThat(malformed.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(malformed.getStatus().getDescription()).startsWith("paymentId: expected");
    StatusRuntimeException token =
        FILLED.world.refused(
            AnalyticsServiceGrpc.getListPaymentsMethod(),
            ListPaymentsRequest.newBuilder().setPage(Page.newBuilder().setToken("x")).build());
    assertThat(token.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void chainNotIndexedYet_shouldBe503WithRetryAfter() {
    try (World empty = new World()) {
      HttpResponse<String> response = empty.get("/v1/books/" + World.BASE);
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(World.json(response).path("code").asString()).isEqualTo("not_indexed");
      assertThat(response.headers().firstValue("retry-after")).contains("1");
      StatusRuntimeException refused =
          empty.refused(
              AnalyticsServiceGrpc.getGetBooksMethod(),
              GetBooksRequest.newBuilder().setChainId(World.BASE.value()).build());
      assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }
  }
}
