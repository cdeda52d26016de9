package network.tachi.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.helidon.http.Method;
import io.helidon.webserver.http.HttpService;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RestTest {
  private static final String ECHO = "/v1/echo";

  private final EchoService echo = new EchoService();
  private final Metrics metrics = Metrics.create();
  private final CountDownLatch release = new CountDownLatch(1);
  private TachiServer server;
  private Clients clients;

  @BeforeEach
  void start() {
    HttpService nested = rules -> rules.get("/thing/{id}", (req, res) -> res.send("thing"));
    server =
        TachiServer.builder("test")
            .grpc(echo)
            .metrics(metrics)
            .limits(
                ServerLimits.builder()
                    .maxBodyBytes(10_000)
                    .maxConcurrentRequests(2)
                    .bodyTimeout(Duration.ofSeconds(2))
                    .build())
            .interceptor(new Renaming())
            .rest(Method.POST, ECHO, EchoService.UNARY)
            .rest(Method.GET, ECHO + "/{reason}", EchoService.UNARY)
            .http(rules ->
                rules
                    .register("/nested", nested)
                    .get(
                        "/boom",
                        (_, _) -> {
                          throw new IllegalStateException("password=hunter2");
                        })
                    .get(
                        "/limited",
                        (_, _) -> {
                          throw ApiException.unavailable("no database", Duration.ofMillis(1500));
                        })
                    .get(
                        "/wait",
                        (_, res) -> {
                          GrpcDefectsTest.awaitLatch(release);
                          res.send("waited");
                        })
                    .post("/read", (req, res) -> res.send(req.content().as(String.class))))
            .start();
    clients = new Clients(server);
  }

  @AfterEach
  void stop() {
    release.countDown();
    clients.close();
    server.stop(Duration.ofSeconds(5));
  }

  private static void assertProblem(HttpResponse<String> response, int status, String code) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(response.body())
        .contains("\"code\":\"" + code + "\"")
        .contains("\"type\":\"urn:tachi:error:" + code + "\"")
        .contains("\"status\":" + status)
        .contains("\"title\":\"")
        .contains("\"detail\":\"")
        .contains("\"request_id\":\"")
        .doesNotContain("Exception")
        .doesNotContain("\tat ");
    assertThat(response.headers().firstValue("x-request-id")).isPresent();
  }

  private HttpResponse<String> send(HttpClient client, HttpRequest request)
      throws IOException, InterruptedException {
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private HttpClient client(HttpClient.Version version) {
    return version == HttpClient.Version.HTTP_2 ? clients.http2 : clients.http;
  }

  @Test
  void jsonBody_shouldReachTheGrpcMethod() throws Exception {
    HttpResponse<String> response =
        clients.post(ECHO, "{\"reason\":\"r\",\"metadata\":{\"k\":\"v\"}}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(response.body())
        .isEqualTo("{\"reason\":\"r\",\"domain\":\"\",\"metadata\":{\"k\":\"v\"}}");
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void unknownRoute_shouldBe404(HttpClient.Version version) throws Exception {
    HttpResponse<String> response =
        send(client(version), clients.request("/v1/nothing").GET().build());

    assertProblem(response, 404, "unknown_route");
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void wrongMethod_shouldBe405WithAllow(HttpClient.Version version) throws Exception {
    HttpResponse<String> response = send(client(version), clients.request(ECHO).DELETE().build());

    assertProblem(response, 405, "method_not_allowed");
    assertThat(response.headers().firstValue("allow")).contains("POST");
  }

  @Test
  void wrongMethodOfANestedService_shouldBe405() throws Exception {
    HttpResponse<String> response =
        send(clients.http, clients.request("/nested/thing/7").DELETE().build());

    assertProblem(response, 405, "method_not_allowed");
    assertThat(clients.get("/nested/thing/7").body()).isEqualTo("thing");
    assertProblem(clients.get("/nested/other"), 404, "unknown_route");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{", "[]", "{\"reason\":7,}", "{\"nope\":1}", "{\"reason\":{}}", "\"x\"", "nul"})
  void malformedJson_shouldBe400(String body) throws Exception {
    assertProblem(clients.post(ECHO, body), 400, "malformed_body");
  }

  @Test
  void deeplyNestedJson_shouldBe400() throws Exception {
    String body = "{\"metadata\":" + "[".repeat(4_000) + "]".repeat(4_000) + "}";

    assertProblem(clients.post(ECHO, body), 400, "malformed_body");
  }

  @Test
  void bodyThatIsNotUtf8_shouldBe400() throws Exception {
    HttpResponse<String> response =
        send(
            clients.http,
            clients
                .request(ECHO)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {'"', (byte) 0xff, '"'}))
                .build());

    assertProblem(response, 400, "malformed_body");
  }

  @Test
  void otherContentType_shouldBe415() throws Exception {
    HttpResponse<String> response =
        send(
            clients.http,
            clients
                .request(ECHO)
                .header("content-type", "text/xml")
                .POST(HttpRequest.BodyPublishers.ofString("<a/>"))
                .build());

    assertProblem(response, 415, "unsupported_media_type");
    assertThat(response.body()).contains("\"expected\":\"application/json\"");
  }

  @Test
  void unknownParameter_shouldNameItAndTheKnownOnes() throws Exception {
    HttpResponse<String> response = clients.get(ECHO + "/r?colour=red");

    assertProblem(response, 400, "invalid_argument");
    assertThat(response.body())
        .contains("\"field\":\"colour\"")
        .contains("\"expected\":\"one of reason, domain, metadata\"");
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void oversizeBody_shouldBe413(HttpClient.Version version) throws Exception {
    HttpResponse<String> response =
        send(
            client(version),
            clients
                .request(ECHO)
                .header("content-type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"reason\":\"" + "x".repeat(20_000) + "\"}"))
                .build());

    assertProblem(response, 413, "too_large");
  }

  @Test
  void oversizeChunkedBody_shouldBe413() throws Exception {
    byte[] large =
        ("{\"reason\":\"" + "x".repeat(20_000) + "\"}")
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    HttpResponse<String> response =
        send(
            clients.http,
            clients
                .request(ECHO)
                .header("content-type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofInputStream(
                        () -> new java.io.ByteArrayInputStream(large)))
                .build());

    assertProblem(response, 413, "too_large");
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void defect_shouldBe500WithoutItsText(HttpClient.Version version) throws Exception {
    HttpResponse<String> response = send(client(version), clients.request("/boom").GET().build());

    assertProblem(response, 500, "internal");
    assertThat(response.body()).doesNotContain("hunter2");
  }

  @Test
  void unavailable_shouldSayWhenToRetry() throws Exception {
    HttpResponse<String> response = clients.get("/limited");

    assertProblem(response, 503, "unavailable");
    assertThat(response.headers().firstValue("retry-after")).contains("2");
    assertThat(response.body()).contains("\"retry_after_ms\":1500");
  }

  @Test
  void errorOfTheService_shouldBeTheSameOnBothProtocols() throws Exception {
    echo.unary.set((_, _) -> {
      throw ApiException.invalid("reason", "a word", "x y");
    });

    HttpResponse<String> rest = clients.get(ECHO + "/r");
    ApiError grpc =
        GrpcErrors.fromThrowable(
                org.assertj.core.api.Assertions.catchThrowable(
                    () -> clients.call(EchoService.UNARY, ErrorInfo.getDefaultInstance())))
            .orElseThrow();

    assertProblem(rest, 400, "invalid_argument");
    assertThat(rest.body())
        .contains("\"field\":\"reason\",\"expected\":\"a word\",\"found\":\"x y\"");
    assertThat(grpc).isEqualTo(ApiException.invalid("reason", "a word", "x y").error());
  }

  @Test
  void requestId_shouldBeTheClientsIfHarmless() throws Exception {
    AtomicReference<String> seen = new AtomicReference<>();
    echo.unary.set((request, out) -> {
      seen.set(CallInfo.current().orElseThrow().requestId());
      out.onNext(request);
      out.onCompleted();
    });

    HttpResponse<String> good =
        send(clients.http, clients.request(ECHO + "/r").header("x-request-id", "abc-1").build());
    HttpResponse<String> bad =
        send(clients.http, clients.request(ECHO + "/r").header("x-request-id", "a b<c>").build());

    assertThat(good.headers().firstValue("x-request-id")).contains("abc-1");
    assertThat(bad.headers().firstValue("x-request-id").orElseThrow()).matches("[0-9a-f]{16}");
    assertThat(seen.get()).isEqualTo(bad.headers().firstValue("x-request-id").orElseThrow());
  }

  @Test
  void interceptor_shouldSeeRestHeadersAsMetadata() throws Exception {
    HttpResponse<String> response =
        send(clients.http, clients.request(ECHO + "/r").header("x-rename", "other").build());

    assertThat(response.body()).contains("\"domain\":\"other\"");
  }

  @Test
  void deadlineOfRest_shouldReachTheService() throws Exception {
    AtomicReference<Boolean> hasDeadline = new AtomicReference<>(false);
    echo.unary.set((request, out) -> {
      hasDeadline.set(Context.current().getDeadline() != null);
      out.onNext(request);
      out.onCompleted();
    });

    clients.get(ECHO + "/r");

    assertThat(hasDeadline.get()).isTrue();
  }

  @Test
  void requestAboveTheConcurrencyLimit_shouldBe503() throws Exception {
    CompletableFuture<HttpResponse<String>> first = async("/wait");
    CompletableFuture<HttpResponse<String>> second = async("/wait");
    Await.until("two requests in work", () -> server.inFlight() == 2);

    HttpResponse<String> third = clients.get(ECHO + "/r");
    release.countDown();

    assertProblem(third, 503, "overloaded");
    assertThat(third.headers().firstValue("retry-after")).contains("1");
    assertThat(first.get(5, TimeUnit.SECONDS).body()).isEqualTo("waited");
    assertThat(second.get(5, TimeUnit.SECONDS).body()).isEqualTo("waited");
  }

  private CompletableFuture<HttpResponse<String>> async(String path) {
    return clients.http.sendAsync(
        clients.request(path).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void metrics_shouldBeLabelledByRouteNotByPath() throws Exception {
    clients.get(ECHO + "/some-secret-path");
    clients.get("/nowhere/some-secret-path");

    Await.until(
        "both counted",
        () -> {
          String text = metrics.scrape();
          return text.contains("code=\"200\",method=\"GET /v1/echo/{reason}\",protocol=\"http\"")
              && text.contains("code=\"404\",method=\"GET unmatched\",protocol=\"http\"");
        });
    assertThat(metrics.scrape()).doesNotContain("some-secret-path");
  }

  /** Copies a header into the request. */
  private static final class Renaming implements ServerInterceptor {
    private static final Metadata.Key<String> RENAME =
        Metadata.Key.of("x-rename", Metadata.ASCII_STRING_MARSHALLER);

    @Override
    @SuppressWarnings("unchecked")
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String name = headers.get(RENAME);
      if (name == null) {
        return next.startCall(call, headers);
      }
      return new io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener<>(
          next.startCall(call, headers)) {
        @Override
        public void onMessage(Q message) {
          super.onMessage((Q) ((ErrorInfo) message).toBuilder().setDomain(name).build());
        }
      };
    }
  }
}
