package network.tachi.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.Int64Value;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.services.ChannelzService;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LifecycleTest {
  private static final ErrorInfo PING = ErrorInfo.newBuilder().setReason("ping").build();

  private final EchoService echo = new EchoService();

  @Test
  void busyPort_shouldFailInOneClearLine() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      TachiServer.Builder builder =
          TachiServer.builder("oracle").bind("127.0.0.1", taken.getLocalPort());

      assertThatThrownBy(builder::start)
          .isInstanceOf(PortInUseException.class)
          .hasMessage(
              "oracle can't listen on 127.0.0.1:"
                  + taken.getLocalPort()
                  + ": the port is in use. Stop what uses it, or configure another port.");
    }
  }

  @Test
  void busyAdminPort_shouldFailToo() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      TachiServer.Builder builder =
          TachiServer.builder("oracle").admin("127.0.0.1", taken.getLocalPort());

      PortInUseException e = catchThrowableOfType(PortInUseException.class, builder::start);

      assertThat(e.port()).isEqualTo(taken.getLocalPort());
    }
  }

  @Test
  void foreignAddress_shouldSaySo() {
    TachiServer.Builder builder = TachiServer.builder("oracle").bind("192.0.2.1", 8080);

    assertThatThrownBy(builder::start)
        .isInstanceOf(ServerStartException.class)
        .hasMessageContaining("oracle can't listen on 192.0.2.1:8080");
  }

  @Test
  void portOfAStoppedServer_shouldBeFreeAtOnce() throws Exception {
    int port;
    try (TachiServer first = TachiServer.builder("a").start();
        Clients clients = new Clients(first)) {
      port = first.port();
      clients.get("/x");
    }

    try (TachiServer second = TachiServer.builder("b").bind("127.0.0.1", port).start()) {
      assertThat(second.port()).isEqualTo(port);
    }
  }

  @Test
  void admin_shouldShowHealthAndMetricsOnAPortOfItsOwn() throws Exception {
    AtomicReference<Readiness.State> database =
        new AtomicReference<>(Readiness.State.notReady("database_unreachable", "no \"answer\""));
    Health health =
        Health.create()
            .role("oracle", Readiness.create().check("database", database::get))
            .role("gateway", Readiness.create());
    try (TachiServer server =
            TachiServer.builder("test").health(health).admin("127.0.0.1", 0).start();
        Clients clients = new Clients(server)) {
      HttpResponse<String> notReady = admin(clients, server, "/ready");
      database.set(Readiness.State.ready());
      HttpResponse<String> ready = admin(clients, server, "/ready");

      assertThat(server.adminPort()).isNotEqualTo(server.port());
      assertThat(notReady.statusCode()).isEqualTo(503);
      assertThat(notReady.body())
          .isEqualTo(
              "{\"status\":\"failing\",\"roles\":{\"gateway\":{\"ok\":true,\"reasons\":[]},"
                  + "\"oracle\":{\"ok\":false,\"reasons\":[{\"check\":\"database\","
                  + "\"reason\":\"database_unreachable\",\"detail\":\"no \\\"answer\\\"\"}]}}}");
      assertThat(ready.statusCode()).isEqualTo(200);
      assertThat(admin(clients, server, "/live").statusCode()).isEqualTo(200);
      assertThat(admin(clients, server, "/metrics").body()).contains("tachi_server_in_flight");
      assertThat(admin(clients, server, "/nothing").statusCode()).isEqualTo(404);
      assertThat(clients.get("/metrics").statusCode()).isEqualTo(404);
    }
  }

  private static HttpResponse<String> admin(Clients clients, TachiServer server, String path)
      throws Exception {
    return clients.http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.adminPort() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void failedLiveness_shouldAskForARestart() throws Exception {
    Health health =
        Health.create()
            .liveness(
                "indexer",
                Readiness.create()
                    .check(
                        "halted",
                        () -> {
                          throw new IllegalStateException("reorg below finalized");
                        }));
    try (TachiServer server = TachiServer.builder("test").health(health).adminOnMainPort().start();
        Clients clients = new Clients(server)) {
      HttpResponse<String> live = clients.get("/live");

      assertThat(live.statusCode()).isEqualTo(503);
      assertThat(live.body()).contains("\"reason\":\"check_failed\"").doesNotContain("finalized");
      assertThat(clients.get("/ready").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void grpcHealth_shouldFollowReadiness() {
    AtomicReference<Readiness.State> state = new AtomicReference<>(Readiness.State.ready());
    Health health = Health.create().role("x", Readiness.create().check("c", state::get));
    try (TachiServer server = TachiServer.builder("test").grpc(echo).health(health).start();
        Clients clients = new Clients(server)) {
      assertThat(grpcHealth(clients, "test.Echo")).isEqualTo(ServingStatus.SERVING);

      state.set(Readiness.State.notReady("down", "down"));

      Await.until(
          "not serving", () -> grpcHealth(clients, "test.Echo") == ServingStatus.NOT_SERVING);
      assertThat(grpcHealth(clients, "")).isEqualTo(ServingStatus.NOT_SERVING);
    }
  }

  private static ServingStatus grpcHealth(Clients clients, String service) {
    return clients
        .call(
            HealthGrpc.getCheckMethod(),
            HealthCheckRequest.newBuilder().setService(service).build())
        .getStatus();
  }

  @Test
  void reflection_shouldDescribeServices() throws Exception {
    try (TachiServer server =
            TachiServer.builder("test").grpc(ChannelzService.newInstance(10)).start();
        Clients clients = new Clients(server)) {
      ServerReflectionResponse list =
          reflect(clients, ServerReflectionRequest.newBuilder().setListServices("").build());
      ServerReflectionResponse file =
          reflect(
              clients,
              ServerReflectionRequest.newBuilder()
                  .setFileContainingSymbol("grpc.channelz.v1.Channelz")
                  .build());

      assertThat(list.getListServicesResponse().getServiceList())
          .extracting("name")
          .contains("grpc.channelz.v1.Channelz", "grpc.health.v1.Health")
          .doesNotHaveDuplicates();
      assertThat(file.getFileDescriptorResponse().getFileDescriptorProtoCount()).isPositive();
    }
  }

  private static ServerReflectionResponse reflect(Clients clients, ServerReflectionRequest request)
      throws Exception {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests =
        ClientCalls.asyncBidiStreamingCall(
            clients.channel.newCall(
                ServerReflectionGrpc.getServerReflectionInfoMethod(), CallOptions.DEFAULT),
            new GrpcDefectsTest.First<>(answer));
    requests.onNext(request);
    ServerReflectionResponse response = answer.get(10, TimeUnit.SECONDS);
    requests.onCompleted();
    return response;
  }

  @Test
  void stop_shouldFinishWhatIsInWorkAndRefuseTheRest() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    echo.unary.set((request, out) -> {
      GrpcDefectsTest.awaitLatch(release);
      out.onNext(request);
      out.onCompleted();
    });
    TachiServer server =
        TachiServer.builder("test")
            .grpc(echo)
            .adminOnMainPort()
            .http(rules ->
                rules.get(
                    "/wait",
                    (_, res) -> {
                      GrpcDefectsTest.awaitLatch(release);
                      res.send("waited");
                    }))
            .start();
    try (Clients clients = new Clients(server)) {
      CompletableFuture<ErrorInfo> grpc = new CompletableFuture<>();
      ClientCalls.asyncUnaryCall(
          clients.channel.newCall(EchoService.UNARY, CallOptions.DEFAULT),
          PING,
          new GrpcDefectsTest.First<>(grpc));
      CompletableFuture<HttpResponse<String>> http =
          clients.http.sendAsync(
              clients.request("/wait").build(), HttpResponse.BodyHandlers.ofString());
      Await.until("two calls in work", () -> server.inFlight() == 2);

      Thread stopping = Thread.ofVirtual().start(() -> server.stop(Duration.ofSeconds(20)));
      Await.until("stopping", () -> isRefused(clients));
      HttpResponse<String> refused = clients.get("/wait");
      HttpResponse<String> ready = clients.get("/ready");
      release.countDown();

      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.body()).contains("\"code\":\"stopping\"");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).isEqualTo("{\"status\":\"stopping\",\"roles\":{}}");
      assertThat(grpc.get(10, TimeUnit.SECONDS)).isEqualTo(PING);
      assertThat(http.get(10, TimeUnit.SECONDS).body()).isEqualTo("waited");
      assertThat(stopping.join(Duration.ofSeconds(10))).isTrue();
      server.close();
    }
  }

  private static boolean isRefused(Clients clients) {
    StatusRuntimeException e =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                ClientCalls.blockingUnaryCall(
                    clients.channel,
                    EchoService.BYTES,
                    CallOptions.DEFAULT.withDeadlineAfter(5, TimeUnit.SECONDS),
                    BytesValue.of(ByteString.EMPTY)));
    return e != null && GrpcErrors.fromThrowable(e).orElseThrow().code().equals(ErrorCode.STOPPING);
  }

  @Test
  void stopWithShortGrace_shouldCutWhatDoesNotEnd() {
    CountDownLatch ended = new CountDownLatch(1);
    echo.down.set((_, _) -> {});
    TachiServer server = TachiServer.builder("test").grpc(echo).start();
    try (Clients clients = new Clients(server)) {
      ClientCalls.asyncServerStreamingCall(
          clients.channel.newCall(EchoService.DOWN, CallOptions.DEFAULT),
          Int64Value.of(1),
          new GrpcDefectsTest.Sink<>(ended));
      Await.until("in work", () -> server.inFlight() == 1);
      long startedAt = System.nanoTime();

      server.stop(Duration.ofMillis(100));

      assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isLessThan(Duration.ofSeconds(5));
      GrpcDefectsTest.awaitLatch(ended);
    }
  }

  @Test
  void rateLimit_shouldHoldOnBothProtocolsTogether() throws Exception {
    try (TachiServer server =
            TachiServer.builder("test")
                .grpc(echo)
                .rateLimiter(RateLimiter.perClient(0.001, 2, 100))
                .http(rules -> rules.get("/x", (_, res) -> res.send("x")))
                .start();
        Clients clients = new Clients(server)) {
      assertThat(clients.get("/x").statusCode()).isEqualTo(200);
      assertThat(clients.call(EchoService.UNARY, PING)).isEqualTo(PING);

      HttpResponse<String> http = clients.get("/x");
      StatusRuntimeException grpc =
          catchThrowableOfType(
              StatusRuntimeException.class, () -> clients.call(EchoService.UNARY, PING));

      assertThat(http.statusCode()).isEqualTo(429);
      assertThat(http.body()).contains("\"code\":\"rate_limited\"");
      assertThat(http.headers().firstValue("retry-after")).isPresent();
      assertThat(GrpcErrors.fromThrowable(grpc).orElseThrow().code())
          .isEqualTo(ErrorCode.RATE_LIMITED);
      assertThat(grpcHealth(clients, "")).isEqualTo(ServingStatus.SERVING);
    }
  }

  @Test
  void sameServiceTwice_shouldBeRefused() {
    TachiServer.Builder builder = TachiServer.builder("test").grpc(echo).grpc(new EchoService());

    assertThatThrownBy(builder::start)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("test.Echo");
  }
}
