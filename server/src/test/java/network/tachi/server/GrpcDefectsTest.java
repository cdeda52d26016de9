package network.tachi.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.Int64Value;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One test for each gRPC defect of Helidon 4.5.0 that docs/adr/0005 lists; the numbers are its
 * numbers.
 */
@Timeout(60)
class GrpcDefectsTest {
  private static final ErrorInfo PING = ErrorInfo.newBuilder().setReason("ping").build();

  private final EchoService echo = new EchoService();
  private final Metrics metrics = Metrics.create();

  private TachiServer start(ServerLimits.Builder limits, ServerInterceptor... interceptors) {
    TachiServer.Builder builder =
        TachiServer.builder("test").grpc(echo).limits(limits.build()).metrics(metrics);
    for (ServerInterceptor interceptor : interceptors) {
      builder.interceptor(interceptor);
    }
    return builder.start();
  }

  private static StatusRuntimeException failure(Runnable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call::run);
  }

  private static ApiError error(StatusRuntimeException e) {
    return GrpcErrors.fromThrowable(e).orElseThrow();
  }

  @Test
  void d1_uncaughtException_shouldEndTheCallWithoutLeakingItsText() {
    echo.unary.set((_, _) -> {
      throw new IllegalStateException("password=hunter2");
    });
    try (TachiServer server = start(ServerLimits.builder());
        Clients clients = new Clients(server)) {
      StatusRuntimeException e = failure(() -> clients.call(EchoService.UNARY, PING));

      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
      assertThat(error(e).code()).isEqualTo(ErrorCode.INTERNAL);
      assertThat(e.toString()).doesNotContain("hunter2").doesNotContain("IllegalState");
      Await.until("no call in work", () -> server.inFlight() == 0);
    }
  }

  @Test
  void d2_oversizeMessage_shouldBeRefusedByItsLengthAlone() {
    try (TachiServer server = start(ServerLimits.builder().maxMessageBytes(100_000));
        Clients clients = new Clients(server)) {
      BytesValue large = BytesValue.of(ByteString.copyFrom(new byte[3_000_000]));

      StatusRuntimeException e = failure(() -> clients.call(EchoService.BYTES, large));

      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(error(e).code()).isEqualTo(ErrorCode.TOO_LARGE);
      assertThat(e.getStatus().getDescription()).contains("at most 100000 bytes");
      assertThat(clients.call(EchoService.UNARY, PING)).isEqualTo(PING);
    }
  }

  @Test
  void d2_malformedMessage_shouldBeAnInvalidArgument() {
    MethodDescriptor<byte[], BytesValue> raw =
        EchoService.BYTES.toBuilder(new RawMarshaller(), EchoService.BYTES.getResponseMarshaller())
            .build();
    try (TachiServer server = start(ServerLimits.builder());
        Clients clients = new Clients(server)) {
      StatusRuntimeException e =
          failure(() -> clients.call(raw, new byte[] {(byte) 0x0a, (byte) 0xff, 1, 2}));

      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(error(e).code()).isEqualTo(ErrorCode.MALFORMED_BODY);
      Await.until("no call in work", () -> server.inFlight() == 0);
    }
  }

  @Test
  void d3_compressedMessageOfManyFrames_shouldBeRead() {
    byte[] noise = new byte[300_000];
    new Random(7).nextBytes(noise);
    BytesValue message = BytesValue.of(ByteString.copyFrom(noise));
    try (TachiServer server = start(ServerLimits.builder());
        Clients clients = new Clients(server)) {
      BytesValue answer =
          ClientCalls.blockingUnaryCall(
              clients.channel,
              EchoService.BYTES,
              CallOptions.DEFAULT.withCompression("gzip").withDeadlineAfter(20, TimeUnit.SECONDS),
              message);

      assertThat(answer).isEqualTo(message);
    }
  }

  @Test
  void d3_decompressionBomb_shouldBeRefused() {
    BytesValue zeros = BytesValue.of(ByteString.copyFrom(new byte[5_000_000]));
    try (TachiServer server = start(ServerLimits.builder().maxMessageBytes(1_000_000));
        Clients clients = new Clients(server)) {
      StatusRuntimeException e =
          failure(() ->
              ClientCalls.blockingUnaryCall(
                  clients.channel,
                  EchoService.BYTES,
                  CallOptions.DEFAULT
                      .withCompression("gzip")
                      .withDeadlineAfter(20, TimeUnit.SECONDS),
                  zeros));

      assertThat(error(e).code()).isEqualTo(ErrorCode.TOO_LARGE);
    }
  }

  @Test
  void d4_clientDeadline_shouldReachTheServiceAndEndTheCall() throws Exception {
    AtomicReference<Long> left = new AtomicReference<>();
    CountDownLatch cancelled = new CountDownLatch(1);
    echo.unary.set((_, _) -> {
      Context context = Context.current();
      left.set(context.getDeadline().timeRemaining(TimeUnit.MILLISECONDS));
      context.addListener(_ -> cancelled.countDown(), Runnable::run);
    });
    try (TachiServer server = start(ServerLimits.builder());
        RawHttp2 raw = new RawHttp2(server.port())) {
      raw.grpcHeaders(1, "/test.Echo/Unary", Map.of("grpc-timeout", "300m"));
      raw.message(1, PING.toByteArray(), true);

      RawHttp2.Frame end = raw.readEndOf(1);

      assertThat(end.type()).isEqualTo(RawHttp2.HEADERS);
      assertThat(left.get()).isBetween(1L, 300L);
      assertThat(cancelled.await(5, TimeUnit.SECONDS)).isTrue();
      Await.until("no call in work", () -> server.inFlight() == 0);
    }
  }

  @Test
  void d4_callWithoutDeadline_shouldGetTheDefault() {
    echo.unary.set((_, _) -> {});
    try (TachiServer server =
            start(ServerLimits.builder().defaultDeadline(Duration.ofMillis(200)));
        Clients clients = new Clients(server)) {
      StatusRuntimeException e =
          failure(() ->
              ClientCalls.blockingUnaryCall(
                  clients.channel, EchoService.UNARY, CallOptions.DEFAULT, PING));

      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      assertThat(error(e).code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    }
  }

  @Test
  void d5_callAboveTheConcurrencyLimit_shouldBeRefusedAtOnce() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    echo.unary.set((request, out) -> {
      awaitLatch(release);
      out.onNext(request);
      out.onCompleted();
    });
    try (TachiServer server = start(ServerLimits.builder().maxConcurrentRequests(2));
        Clients clients = new Clients(server)) {
      var first = async(clients, PING);
      var second = async(clients, PING);
      Await.until("two calls in work", () -> server.inFlight() == 2);

      StatusRuntimeException e = failure(() -> clients.call(EchoService.UNARY, PING));
      release.countDown();

      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(error(e).code()).isEqualTo(ErrorCode.OVERLOADED);
      assertThat(error(e).retryAfter()).isEqualTo(Duration.ofSeconds(1));
      assertThat(first.get(5, TimeUnit.SECONDS)).isEqualTo(PING);
      assertThat(second.get(5, TimeUnit.SECONDS)).isEqualTo(PING);
    }
  }

  @Test
  void d6_manyCancelsOnOneConnection_shouldNotCloseIt() {
    Set<String> connections = ConcurrentHashMap.newKeySet();
    CountDownLatch never = new CountDownLatch(1);
    AtomicInteger started = new AtomicInteger();
    echo.unary.set((_, _) -> started.incrementAndGet());
    try (TachiServer server = start(ServerLimits.builder(), recordingPeer(connections));
        Clients clients = new Clients(server)) {
      for (int i = 0; i < 300; i++) {
        int before = started.get();
        ClientCall<ErrorInfo, ErrorInfo> call =
            clients.channel.newCall(EchoService.UNARY, CallOptions.DEFAULT);
        ClientCalls.asyncUnaryCall(call, PING, new Sink<>(never));
        Await.until("call " + i + " started", () -> started.get() > before);
        call.cancel("test", null);
      }
      Await.until("no call in work", () -> server.inFlight() == 0);
      echo.unary.set(new EchoService().unary.get());

      assertThat(clients.call(EchoService.UNARY, PING)).isEqualTo(PING);
      assertThat(connections).hasSize(1);
    }
  }

  @Test
  void d7_slowHandlerOfAStream_shouldNotBlockOtherCallsOfItsConnection() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    echo.up.set(out ->
        new EchoService.Counter(out) {
          @Override
          public void onNext(BytesValue value) {
            awaitLatch(release);
            super.onNext(value);
          }
        });
    try (TachiServer server = start(ServerLimits.builder());
        Clients clients = new Clients(server)) {
      CompletableFuture<Int64Value> total = new CompletableFuture<>();
      StreamObserver<BytesValue> up =
          ClientCalls.asyncClientStreamingCall(
              clients.channel.newCall(EchoService.UP, CallOptions.DEFAULT), new First<>(total));
      BytesValue message = BytesValue.of(ByteString.copyFrom(new byte[1000]));
      for (int i = 0; i < 1000; i++) {
        up.onNext(message);
      }

      assertThat(clients.call(EchoService.UNARY, PING)).isEqualTo(PING);
      release.countDown();
      up.onCompleted();
      assertThat(total.get(20, TimeUnit.SECONDS).getValue()).isEqualTo(1_000_000);
    }
  }

  @Test
  void d7_streamThatOutrunsItsHandler_shouldBeRefusedNotBuffered() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    echo.up.set(out ->
        new EchoService.Counter(out) {
          @Override
          public void onNext(BytesValue value) {
            awaitLatch(release);
          }
        });
    try (TachiServer server = start(ServerLimits.builder().inboundBacklogBytes(500_000));
        Clients clients = new Clients(server)) {
      CompletableFuture<Int64Value> total = new CompletableFuture<>();
      StreamObserver<BytesValue> up =
          ClientCalls.asyncClientStreamingCall(
              clients.channel.newCall(EchoService.UP, CallOptions.DEFAULT), new First<>(total));
      BytesValue message = BytesValue.of(ByteString.copyFrom(new byte[10_000]));
      for (int i = 0; i < 200; i++) {
        up.onNext(message);
      }

      ExecutionException e =
          catchThrowableOfType(ExecutionException.class, () -> total.get(20, TimeUnit.SECONDS));
      assertThat(GrpcErrors.fromThrowable(requireNonNull(e.getCause())).orElseThrow().code())
          .isEqualTo(ErrorCode.OVERLOADED);
      assertThat(clients.call(EchoService.UNARY, PING)).isEqualTo(PING);
      release.countDown();
      Await.until("no call in work", () -> server.inFlight() == 0);
    }
  }

  @Test
  void d8_slowReader_shouldBeCutAndItsHandlerFreed() throws Exception {
    CountDownLatch handlerEnded = new CountDownLatch(1);
    echo.down.set((_, out) -> {
      BytesValue message = BytesValue.of(ByteString.copyFrom(new byte[1000]));
      try {
        for (int i = 0; i < 1000; i++) {
          out.onNext(message);
        }
      } finally {
        handlerEnded.countDown();
      }
    });
    try (TachiServer server = start(ServerLimits.builder().writeTimeout(Duration.ofMillis(300)));
        RawHttp2 raw = new RawHttp2(server.port())) {
      raw.grpcHeaders(1, "/test.Echo/Down", Map.of());
      raw.message(1, Int64Value.of(1).toByteArray(), true);

      RawHttp2.Frame end = raw.readEndOf(1);

      assertThat(end.type()).isEqualTo(RawHttp2.RST_STREAM);
      assertThat(handlerEnded.await(10, TimeUnit.SECONDS)).isTrue();
      Await.until("no call in work", () -> server.inFlight() == 0);
    }
  }

  @Test
  void d8_slowReader_shouldGoOnWhenItMakesRoom() throws Exception {
    try (TachiServer server = start(ServerLimits.builder());
        RawHttp2 raw = new RawHttp2(server.port())) {
      raw.grpcHeaders(1, "/test.Echo/Down", Map.of());
      raw.message(1, Int64Value.of(200).toByteArray(), true);
      int bytes = 0;
      while (bytes < 200 * 1008) {
        RawHttp2.Frame frame = raw.read();
        if (frame.type() == RawHttp2.DATA) {
          bytes += frame.payload().remaining();
          if (bytes >= 65_535 && bytes % 65_535 < frame.payload().remaining()) {
            raw.windowUpdate(1, 70_000).windowUpdate(0, 70_000);
          }
        }
      }

      assertThat(raw.readEndOf(1).type()).isEqualTo(RawHttp2.HEADERS);
    }
  }

  @Test
  void d8_quietStream_shouldOutliveTheIdleTimeout() throws Exception {
    CompletableFuture<StreamObserver<BytesValue>> stream = new CompletableFuture<>();
    Set<String> connections = ConcurrentHashMap.newKeySet();
    echo.down.set((_, out) -> stream.complete(out));
    try (TachiServer server =
            start(
                ServerLimits.builder().idleTimeout(Duration.ofMillis(200)),
                recordingPeer(connections));
        Clients clients = new Clients(server)) {
      CompletableFuture<BytesValue> first = new CompletableFuture<>();
      long startedAt = System.nanoTime();
      ClientCalls.asyncServerStreamingCall(
          clients.channel.newCall(EchoService.DOWN, CallOptions.DEFAULT),
          Int64Value.of(1),
          new First<>(first));
      StreamObserver<BytesValue> out = stream.get(5, TimeUnit.SECONDS);
      Await.until(
          "five idle time-outs have passed",
          () -> System.nanoTime() - startedAt > Duration.ofSeconds(1).toNanos());

      assertThat(clients.call(EchoService.UNARY, PING)).isEqualTo(PING);
      out.onNext(BytesValue.of(ByteString.copyFromUtf8("late")));
      out.onCompleted();
      assertThat(first.get(5, TimeUnit.SECONDS).getValue().toStringUtf8()).isEqualTo("late");
      assertThat(connections).hasSize(1);
    }
  }

  @Test
  void d9_statusDescription_shouldArriveWhateverItHolds() {
    String text = "100 % of \"ünïcode\" \u2603\nsecond line";
    echo.unary.set((_, _) -> {
      throw ApiException.of(ErrorCode.CONFLICT, text);
    });
    try (TachiServer server = start(ServerLimits.builder());
        Clients clients = new Clients(server)) {
      StatusRuntimeException e = failure(() -> clients.call(EchoService.UNARY, PING));

      assertThat(e.getStatus().getDescription()).isEqualTo(text);
      assertThat(error(e)).isEqualTo(ApiError.of(ErrorCode.CONFLICT, text));
    }
  }

  @Test
  void d9_metrics_shouldCountFailedCalls() {
    echo.unary.set((_, _) -> {
      throw ApiException.invalid("reason", "a word", "");
    });
    try (TachiServer server = start(ServerLimits.builder());
        Clients clients = new Clients(server)) {
      failure(() -> clients.call(EchoService.UNARY, PING));
      failure(
          () -> clients.call(EchoService.UNARY.toBuilder().setFullMethodName("a/B").build(), PING));

      Await.until(
          "both counted",
          () ->
              metrics
                      .scrape()
                      .contains(
                          "tachi_server_requests_seconds_count{code=\"INVALID_ARGUMENT\","
                              + "method=\"test.Echo/Unary\",protocol=\"grpc\",server=\"test\"} 1")
                  && metrics
                      .scrape()
                      .contains(
                          "tachi_server_requests_seconds_count{code=\"UNIMPLEMENTED\","
                              + "method=\"unknown\",protocol=\"grpc\",server=\"test\"} 1"));
    }
  }

  @Test
  void d10_helidonClient_shouldNotBeUsed() {
    assertThat(List.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1)))
        .noneMatch(path -> path.contains("helidon-webclient"))
        .noneMatch(path -> path.contains("helidon-webserver-grpc"));
  }

  @Test
  void d10_thousandsOfCalls_shouldNotStall() throws Exception {
    try (TachiServer server = start(ServerLimits.builder());
        Clients clients = new Clients(server)) {
      AtomicInteger window = new AtomicInteger();
      List<CompletableFuture<ErrorInfo>> calls = new ArrayList<>();
      for (int i = 0; i < 5_000; i++) {
        Await.until("room", () -> window.get() < 64);
        window.incrementAndGet();
        CompletableFuture<ErrorInfo> call = async(clients, PING);
        calls.add(call.whenComplete((_, _) -> window.decrementAndGet()));
      }
      for (CompletableFuture<ErrorInfo> call : calls) {
        assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo(PING);
      }
    }
  }

  private static CompletableFuture<ErrorInfo> async(Clients clients, ErrorInfo request) {
    CompletableFuture<ErrorInfo> answer = new CompletableFuture<>();
    ClientCalls.asyncUnaryCall(
        clients.channel.newCall(
            EchoService.UNARY, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS)),
        request,
        new First<>(answer));
    return answer;
  }

  private static ServerInterceptor recordingPeer(Set<String> peers) {
    return new ServerInterceptor() {
      @Override
      public <Q, A> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        peers.add(
            String.valueOf(call.getAttributes().get(io.grpc.Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
        return next.startCall(call, headers);
      }
    };
  }

  static void awaitLatch(CountDownLatch latch) {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new AssertionError("not released");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Completes with the first message, or the failure. */
  record First<T>(CompletableFuture<T> result) implements StreamObserver<T> {
    @Override
    public void onNext(T value) {
      result.complete(value);
    }

    @Override
    public void onError(Throwable t) {
      result.completeExceptionally(t);
    }

    @Override
    public void onCompleted() {
      result.completeExceptionally(new AssertionError("ended without a message"));
    }
  }

  /** Ignores everything. */
  record Sink<T>(CountDownLatch ended) implements StreamObserver<T> {
    @Override
    public void onNext(T value) {}

    @Override
    public void onError(Throwable t) {
      ended.countDown();
    }

    @Override
    public void onCompleted() {
      ended.countDown();
    }
  }

  private static final class RawMarshaller implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
