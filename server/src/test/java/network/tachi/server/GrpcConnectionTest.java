package network.tachi.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.Int64Value;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds for one connection that carries many calls. */
@Timeout(60)
class GrpcConnectionTest {
  private static final ErrorInfo PING = ErrorInfo.newBuilder().setReason("ping").build();
  private static final int CANCEL = 8;

  private final EchoService echo = new EchoService();
  private final Set<String> connections = ConcurrentHashMap.newKeySet();

  private TachiServer start(ServerLimits limits) {
    return TachiServer.builder("test").grpc(echo).limits(limits).interceptor(new Peers()).start();
  }

  @Test
  void moreCallsThanTheStreamLimit_shouldAllBeAnsweredOnOneConnection() throws Exception {
    ServerLimits limits = ServerLimits.builder().maxConcurrentRequests(5_000).build();
    try (TachiServer server = start(limits);
        Clients clients = new Clients(server)) {
      for (int round = 0; round < 5; round++) {
        List<CompletableFuture<ErrorInfo>> calls = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
          CompletableFuture<ErrorInfo> answer = new CompletableFuture<>();
          ClientCalls.asyncUnaryCall(
              clients.channel.newCall(
                  EchoService.UNARY, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS)),
              PING,
              new GrpcDefectsTest.First<>(answer));
          calls.add(answer);
        }
        for (CompletableFuture<ErrorInfo> call : calls) {
          assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo(PING);
        }
      }
      assertThat(connections).hasSize(1);
    }
  }

  @Test
  void manyLargeAnswersAtOnce_shouldNotOverrunTheConnectionsWindow() throws Exception {
    try (TachiServer server = start(ServerLimits.defaults());
        Clients clients = new Clients(server)) {
      List<CompletableFuture<Long>> streams = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        CompletableFuture<Long> bytes = new CompletableFuture<>();
        ClientCalls.asyncServerStreamingCall(
            clients.channel.newCall(EchoService.DOWN, CallOptions.DEFAULT),
            Int64Value.of(1_000),
            new Adder(bytes));
        streams.add(bytes);
      }
      for (CompletableFuture<Long> stream : streams) {
        assertThat(stream.get(30, TimeUnit.SECONDS)).isEqualTo(1_000_000);
      }
      assertThat(connections).hasSize(1);
    }
  }

  @Test
  void callsEndedByOtherThreads_shouldNotUseUpTheStreams() {
    echo.unary.set((request, out) ->
        Thread.startVirtualThread(() -> {
          out.onNext(request);
          out.onCompleted();
        }));
    try (TachiServer server = start(ServerLimits.defaults());
        Clients clients = new Clients(server)) {
      for (int i = 0; i < 1_000; i++) {
        assertThat(clients.call(EchoService.UNARY, PING)).isEqualTo(PING);
      }
      assertThat(connections).hasSize(1);
    }
  }

  @Test
  void lateReset_shouldNotCloseTheConnection() throws Exception {
    try (TachiServer server = start(ServerLimits.defaults());
        RawHttp2 raw = new RawHttp2(server.port())) {
      CountDownLatch release = new CountDownLatch(1);
      raw.grpcHeaders(1, "/test.Echo/Unary", Map.of()).message(1, PING.toByteArray(), true);
      raw.readEndOf(1);
      echo.unary.set((request, out) -> {
        GrpcDefectsTest.awaitLatch(release);
        out.onNext(request);
        out.onCompleted();
      });
      raw.grpcHeaders(3, "/test.Echo/Unary", Map.of()).message(3, PING.toByteArray(), true);
      raw.grpcHeaders(5, "/test.Echo/Unary", Map.of()).message(5, PING.toByteArray(), true);
      Await.until("two calls in work", () -> server.inFlight() == 2);

      raw.reset(1, CANCEL);
      raw.reset(1, CANCEL);
      raw.grpcHeaders(7, "/test.Echo/Unary", Map.of()).message(7, PING.toByteArray(), true);
      Await.until("three calls in work", () -> server.inFlight() == 3);
      release.countDown();

      assertThat(raw.readEndOf(3).type()).isEqualTo(RawHttp2.HEADERS);
    }
  }

  @Test
  void lostConnection_shouldCancelItsCalls() throws Exception {
    CountDownLatch started = new CountDownLatch(2);
    CountDownLatch cancelled = new CountDownLatch(2);
    echo.unary.set((_, _) -> {
      Context.current().addListener(_ -> cancelled.countDown(), Runnable::run);
      started.countDown();
    });
    echo.up.set(out -> {
      Context.current().addListener(_ -> cancelled.countDown(), Runnable::run);
      started.countDown();
      return new EchoService.Counter(out);
    });
    try (TachiServer server = start(ServerLimits.defaults())) {
      try (RawHttp2 raw = new RawHttp2(server.port())) {
        raw.grpcHeaders(1, "/test.Echo/Unary", Map.of()).message(1, PING.toByteArray(), true);
        raw.grpcHeaders(3, "/test.Echo/Up", Map.of()).message(3, new byte[0], false);
        GrpcDefectsTest.awaitLatch(started);
      }

      assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
      Await.until("no call in work", () -> server.inFlight() == 0);
    }
  }

  @Test
  void earlyAnswer_shouldEndTheStreamWhileTheClientStillSends() throws Exception {
    echo.up.set(out -> {
      out.onError(ApiException.of(ErrorCode.PERMISSION_DENIED, "not for you"));
      return new EchoService.Counter(out);
    });
    try (TachiServer server = start(ServerLimits.defaults());
        Clients clients = new Clients(server)) {
      for (int i = 0; i < 300; i++) {
        CompletableFuture<Int64Value> total = new CompletableFuture<>();
        StreamObserver<BytesValue> up =
            ClientCalls.asyncClientStreamingCall(
                clients.channel.newCall(EchoService.UP, CallOptions.DEFAULT),
                new GrpcDefectsTest.First<>(total));
        BytesValue message = BytesValue.of(ByteString.copyFrom(new byte[20_000]));
        for (int j = 0; j < 10; j++) {
          up.onNext(message);
        }
        ExecutionException e =
            catchThrowableOfType(ExecutionException.class, () -> total.get(20, TimeUnit.SECONDS));
        assertThat(GrpcErrors.fromThrowable(requireNonNull(e.getCause())).orElseThrow().code())
            .isEqualTo(ErrorCode.PERMISSION_DENIED);
      }
      assertThat(clients.call(EchoService.UNARY, PING)).isEqualTo(PING);
      assertThat(connections).hasSize(1);
    }
  }

  @Test
  void earlyAnswerToAClientThatNeverEnds_shouldCutItsConnection() throws Exception {
    ServerLimits limits =
        ServerLimits.builder().bodyTimeout(java.time.Duration.ofMillis(200)).build();
    try (TachiServer server = start(limits);
        RawHttp2 raw = new RawHttp2(server.port())) {
      raw.grpcHeaders(1, "/no.Such/Method", Map.of());
      assertThat(raw.readEndOf(1).type()).isEqualTo(RawHttp2.HEADERS);

      Await.until("the connection is cut", raw::isCut);
    }
  }

  @Test
  void earlyAnswerOfTheServiceToAClientThatNeverEnds_shouldCutItsConnection() throws Exception {
    echo.up.set(out -> {
      out.onError(ApiException.of(ErrorCode.PERMISSION_DENIED, "not for you"));
      return new EchoService.Counter(out);
    });
    ServerLimits limits =
        ServerLimits.builder().bodyTimeout(java.time.Duration.ofMillis(200)).build();
    try (TachiServer server = start(limits);
        RawHttp2 raw = new RawHttp2(server.port())) {
      raw.grpcHeaders(1, "/test.Echo/Up", Map.of());
      assertThat(raw.readEndOf(1).type()).isEqualTo(RawHttp2.HEADERS);

      Await.until("the connection is cut", raw::isCut);
    }
  }

  @Test
  void truncatedMessage_shouldBeAnInvalidArgument() throws Exception {
    try (TachiServer server = start(ServerLimits.defaults());
        RawHttp2 raw = new RawHttp2(server.port())) {
      raw.grpcHeaders(1, "/test.Echo/Unary", Map.of());
      raw.frame(RawHttp2.DATA, RawHttp2.END_STREAM, 1, new byte[] {0, 0, 0, 0, 9, 1, 2});

      assertThat(raw.readEndOf(1).type()).isEqualTo(RawHttp2.HEADERS);
      Await.until("no call in work", () -> server.inFlight() == 0);
    }
  }

  @Test
  void messageOneByteAFrame_shouldBeRead() throws Exception {
    try (TachiServer server = start(ServerLimits.defaults());
        RawHttp2 raw = new RawHttp2(server.port())) {
      raw.grpcHeaders(1, "/test.Echo/Unary", Map.of());
      byte[] body = PING.toByteArray();
      raw.frame(RawHttp2.DATA, 0, 1, new byte[] {0})
          .frame(RawHttp2.DATA, 0, 1, new byte[] {0, 0})
          .frame(RawHttp2.DATA, 0, 1, new byte[] {0, (byte) body.length});
      for (byte b : body) {
        raw.frame(RawHttp2.DATA, 0, 1, new byte[] {b});
      }
      raw.frame(RawHttp2.DATA, RawHttp2.END_STREAM, 1, new byte[0]);

      RawHttp2.Frame data = raw.read();
      while (data.type() != RawHttp2.DATA) {
        data = raw.read();
      }
      assertThat(data.payload().remaining()).isEqualTo(5 + body.length);
    }
  }

  /** Sums up what a stream sends. */
  private static final class Adder implements StreamObserver<BytesValue> {
    private final CompletableFuture<Long> result;
    private long bytes;

    Adder(CompletableFuture<Long> result) {
      this.result = result;
    }

    @Override
    public void onNext(BytesValue value) {
      bytes += value.getValue().size();
    }

    @Override
    public void onError(Throwable t) {
      result.completeExceptionally(t);
    }

    @Override
    public void onCompleted() {
      result.complete(bytes);
    }
  }

  /** Notes each connection by its peer's port. */
  private final class Peers implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      connections.add(
          String.valueOf(call.getAttributes().get(io.grpc.Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
      return next.startCall(call, headers);
    }
  }
}
