package network.tachi.evm.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import network.tachi.evm.Abi;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.RevertReason;
import network.tachi.evm.rpc.RpcException.IdMismatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonRpcClientTest {
  private static final RpcCall<Long> NUMBER = EthCalls.blockNumber();
  private static final Duration SHORT = Duration.ofMillis(200);

  private static Long single(String body) {
    try (FakeNode node = FakeNode.json(body);
        JsonRpcClient client = node.client()) {
      return client.call(NUMBER);
    }
  }

  private static List<RpcReply<Long>> batch(int size, String body) {
    try (FakeNode node = FakeNode.json(body);
        JsonRpcClient client = node.client()) {
      return client.callAll(IntStream.range(0, size).mapToObj(_ -> NUMBER).toList());
    }
  }

  private static <T extends RpcException> T failure(Class<T> type, Runnable action) {
    T failure = catchThrowableOfType(type, action::run);
    assertThat(failure).isNotNull().message().doesNotContain("secret-key");
    return failure;
  }

  @Test
  void result_shouldBeReadWhereverItStands() {
    assertThat(single("{\"jsonrpc\":\"2.0\",\"id\":#0,\"result\":\"0x10\"}")).isEqualTo(16);
    assertThat(single(" {\"result\":\"0x10\",\"extra\":{\"a\":[1]},\"error\":null,\"id\":#0} \n"))
        .isEqualTo(16);
  }

  @Test
  void request_shouldBeJsonRpcWithFreshIdsOnOneConnection() {
    try (FakeNode node = FakeNode.json("{\"id\":#0,\"result\":\"0x1\"}");
        JsonRpcClient client =
            node.client(JsonRpcOptions.DEFAULTS.withHeaders(Map.of("Authorization", "Bearer t")))) {
      for (int i = 0; i < 20; i++) {
        assertThat(client.call(NUMBER)).isEqualTo(1);
      }
      assertThat(node.requests.getFirst())
          .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_blockNumber\",\"params\":[]}");
      assertThat(node.requests).doesNotHaveDuplicates().hasSize(20);
      assertThat(node.authorizations).hasSize(20).containsOnly("Bearer t");
      assertThat(node.connections).hasSize(1);
    }
  }

  @Test
  void rawRequest_shouldGiveTheResultAsItWasSent() {
    for (String result :
        List.of("{\"a\":[1,2.5,\"x\\u00e9\"]}", "[ ]", "true", "null", "12", "\"0x0\"", "\"é\"")) {
      try (FakeNode node = FakeNode.json("{\"id\":#0,\"result\":" + result + "}");
          JsonRpcClient client = node.client()) {
        assertThat(client.request("anvil_mine", "[\"0x1\"]")).isEqualTo(result);
        assertThat(node.requests.getFirst())
            .contains("\"method\":\"anvil_mine\",\"params\":[\"0x1\"]");
      }
    }
  }

  @Test
  void batchInAnyOrder_shouldBeMatchedById() {
    List<RpcReply<Long>> replies =
        batch(
            3,
            "[{\"id\":#2,\"result\":\"0x3\"},{\"result\":\"0x1\",\"id\":#0},{\"id\":#1,\"result\":\"0x2\"}]");
    assertThat(replies).extracting(RpcReply::orThrow).containsExactly(1L, 2L, 3L);
  }

  @Test
  void failuresInABatch_shouldBeThoseOfTheirCallsOnly() {
    List<RpcReply<Long>> replies =
        batch(
            5,
            "[{\"id\":#0,\"result\":\"0x1\"},{\"id\":#1,\"error\":{\"code\":-32000,\"message\":\"no\"}},"
                + "{\"id\":#2,\"result\":null},{\"id\":#3,\"result\":{\"a\":1}},{\"id\":#4}]");
    assertThat(replies.get(0)).isEqualTo(new RpcReply.Ok<>(1L));
    assertThatThrownBy(() -> replies.get(1).orThrow()).isInstanceOf(RpcException.ErrorReply.class);
    assertThatThrownBy(() -> replies.get(2).orThrow()).isInstanceOf(RpcException.NullResult.class);
    assertThatThrownBy(() -> replies.get(3).orThrow())
        .isInstanceOf(RpcException.Malformed.class)
        .hasMessageContaining("block number");
    assertThatThrownBy(() -> replies.get(4).orThrow())
        .isInstanceOf(RpcException.Malformed.class)
        .hasMessageContaining("neither result nor error");
  }

  @Test
  void emptyBatch_shouldNotBeSent() {
    try (FakeNode node = FakeNode.json("[]");
        JsonRpcClient client = node.client()) {
      assertThat(client.<Long>callAll(List.of())).isEmpty();
      assertThat(node.requests).isEmpty();
    }
  }

  @Test
  void wrongIds_shouldBeTypedErrors() {
    String one = "{\"id\":#0,\"result\":\"0x1\"}";
    assertThat(mismatch(2, "[" + one + "]")).isEqualTo(IdMismatch.Kind.MISSING);
    assertThat(mismatch(2, "[]")).isEqualTo(IdMismatch.Kind.MISSING);
    assertThat(mismatch(2, "[" + one + "," + one + "]")).isEqualTo(IdMismatch.Kind.DUPLICATE);
    for (String id : List.of("999", "\"#1\"", "null", "1.5", "{}", "-1", "99999999999999999999")) {
      String other = "{\"id\":" + id + ",\"result\":\"0x2\"}";
      assertThat(mismatch(2, "[" + one + "," + other + "]"))
          .as(id)
          .isEqualTo(IdMismatch.Kind.FOREIGN);
    }
    assertThat(failure(IdMismatch.class, () -> single("{\"id\":77,\"result\":\"0x1\"}")).kind())
        .isEqualTo(IdMismatch.Kind.FOREIGN);
    assertThat(failure(IdMismatch.class, () -> single("{\"result\":\"0x1\"}")).kind())
        .isEqualTo(IdMismatch.Kind.FOREIGN);
  }

  private static IdMismatch.Kind mismatch(int size, String body) {
    return failure(IdMismatch.class, () -> batch(size, body)).kind();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not json",
        "<html>",
        "[]",
        "null",
        "1",
        "{\"id\":#0}",
        "{\"id\":#0,\"result\":\"0x1\"",
        "{\"id\":#0,\"result\":\"0x1\"}}",
        "{\"id\":#0,\"result\":\"0x1\"}{}",
        "{\"id\":#0,\"result\":\"1\"}",
        "{\"id\":#0,\"result\":\"0x\"}",
        "{\"id\":#0,\"result\":-1}",
        "{\"id\":#0,\"result\":1.5}",
        "{\"id\":#0,\"result\":9223372036854775808}",
        "{\"id\":#0,\"result\":\"0x8000000000000000\"}",
        "{\"id\":#0,\"result\":true}",
        "{\"id\":#0,\"result\":[\"0x1\"]}"
      })
  void malformedAnswers_shouldBeMalformed(String body) {
    failure(RpcException.Malformed.class, () -> single(body));
  }

  @Test
  void malformedBatchAnswers_shouldBeMalformed() {
    for (String body :
        List.of("", "1", "[1]", "[{}", "{\"id\":#0,\"result\":\"0x1\"}", "[] []", "[null]")) {
      failure(RpcException.Malformed.class, () -> batch(1, body));
    }
  }

  @Test
  void deepNesting_shouldBeMalformedInsteadOfOverflowingTheStack() {
    String deep =
        "{\"id\":#0,\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + ",\"result\":\"0x1\"}";
    failure(RpcException.Malformed.class, () -> single(deep));
  }

  @Test
  void nullResult_shouldBeTypedUnlessItIsAllowed() {
    failure(RpcException.NullResult.class, () -> single("{\"id\":#0,\"result\":null}"));
    try (FakeNode node = FakeNode.json("{\"id\":#0,\"result\":null}");
        JsonRpcClient client = node.client()) {
      assertThat(new EthRpc(client).blockByNumber(1)).isEmpty();
    }
  }

  @Test
  void errorObject_shouldBeGivenWithItsRevertReason() {
    String data = Abi.call("Error", Abi.string("paused")).toString();
    for (String json :
        List.of(
            "\"" + data + "\"",
            "{\"data\":\"" + data + "\",\"txHash\":\"0x\"}",
            "{\"data\":{\"data\":\"" + data + "\"}}")) {
      RpcException.ErrorReply error =
          failure(
              RpcException.ErrorReply.class,
              () ->
                  single(
                      "{\"id\":#0,\"error\":{\"code\":3,\"message\":\"execution"
                          + " reverted\",\"data\":"
                          + json
                          + "}}"));
      assertThat(error.code()).isEqualTo(3);
      assertThat(error.nodeMessage()).isEqualTo("execution reverted");
      assertThat(error.revertReason()).contains(new RevertReason.Message("paused"));
      assertThat(error.method()).isEqualTo("eth_blockNumber");
    }
  }

  @Test
  void unusualErrors_shouldStillBeErrors() {
    for (String error :
        List.of(
            "\"busy\"",
            "{\"code\":-32005}",
            "{\"message\":{\"a\":1}}",
            "{\"code\":1e3,\"message\":\"" + "x".repeat(9000) + "\"}",
            "{\"data\":[1]}",
            "{\"data\":\"Reverted 0x\"}")) {
      RpcException.ErrorReply found =
          failure(
              RpcException.ErrorReply.class, () -> single("{\"id\":null,\"error\":" + error + "}"));
      assertThat(found.revertReason()).isEmpty();
      assertThat(found.nodeMessage()).hasSizeLessThan(600);
    }
    RpcException.ErrorReply whole =
        failure(
            RpcException.ErrorReply.class,
            () ->
                batch(
                    2,
                    "{\"id\":null,\"error\":{\"code\":-32600,\"message\":\"batch too large\"}}"));
    assertThat(whole.code()).isEqualTo(-32600);
    assertThat(whole.method()).isEqualTo("eth_blockNumber and 1 more");
  }

  @Test
  void httpStatus_shouldBeTyped() {
    try (FakeNode node =
            new FakeNode((exchange, _) -> {
              exchange.getResponseHeaders().add("Retry-After", "7");
              FakeNode.send(exchange, 429, "{\"error\":{\"code\":429,\"message\":\"slow down\"}}");
            });
        JsonRpcClient client = node.client()) {
      RpcException.HttpStatus limited =
          failure(RpcException.HttpStatus.class, () -> client.call(NUMBER));
      assertThat(limited.isRateLimit()).isTrue();
      assertThat(limited.retryAfter()).contains(Duration.ofSeconds(7));
    }
    try (FakeNode node = FakeNode.status(502, "<html>" + "bad".repeat(1000));
        JsonRpcClient client = node.client()) {
      RpcException.HttpStatus bad =
          failure(RpcException.HttpStatus.class, () -> client.call(NUMBER));
      assertThat(bad.status()).isEqualTo(502);
      assertThat(bad.isRateLimit()).isFalse();
      assertThat(bad.retryAfter()).isEmpty();
      assertThat(bad).message().contains("<html>").hasSizeLessThan(700);
    }
    try (FakeNode node =
            FakeNode.status(
                400, "{\"id\":#0,\"error\":{\"code\":-32602,\"message\":\"bad params\"}}");
        JsonRpcClient client = node.client()) {
      assertThat(failure(RpcException.ErrorReply.class, () -> client.call(NUMBER)).code())
          .isEqualTo(-32602);
    }
  }

  @Test
  void truncatedBody_shouldBeATransportFailure() {
    try (FakeNode node =
            new FakeNode((exchange, _) -> {
              exchange.sendResponseHeaders(200, 1000);
              exchange.getResponseBody().write("{\"id\":1,".getBytes(StandardCharsets.UTF_8));
              exchange.getResponseBody().flush();
            });
        JsonRpcClient client = node.client()) {
      failure(RpcException.Transport.class, () -> client.call(NUMBER));
    }
  }

  @Test
  void oversizeBody_shouldBeRefusedWhetherItsLengthIsToldOrNot() {
    String body = "{\"id\":#0,\"result\":\"0x1\",\"pad\":\"" + "x".repeat(5000) + "\"}";
    for (boolean chunked : new boolean[] {false, true}) {
      try (FakeNode node =
              new FakeNode((exchange, request) -> {
                byte[] bytes = FakeNode.fill(body, request).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, chunked ? 0 : bytes.length);
                exchange.getResponseBody().write(bytes);
              });
          JsonRpcClient small = node.client(JsonRpcOptions.DEFAULTS.withMaxResponseBytes(5000));
          JsonRpcClient enough = node.client(JsonRpcOptions.DEFAULTS.withMaxResponseBytes(5100))) {
        failure(RpcException.TooLarge.class, () -> small.call(NUMBER));
        assertThat(enough.call(NUMBER)).isEqualTo(1);
      }
    }
  }

  @Test
  void packedBody_shouldBeUnpackedUpToTheLimit() {
    String body = "{\"id\":#0,\"result\":\"0x1\",\"pad\":\"" + "x".repeat(5000) + "\"}";
    try (FakeNode node = packed(body);
        JsonRpcClient small = node.client(JsonRpcOptions.DEFAULTS.withMaxResponseBytes(5000));
        JsonRpcClient enough = node.client(JsonRpcOptions.DEFAULTS.withMaxResponseBytes(5100))) {
      failure(RpcException.TooLarge.class, () -> small.call(NUMBER));
      assertThat(enough.call(NUMBER)).isEqualTo(1);
    }
    try (FakeNode node =
            new FakeNode((exchange, _) -> {
              exchange.getResponseHeaders().add("Content-Encoding", "gzip");
              FakeNode.send(exchange, 200, "this is not gzip");
            });
        JsonRpcClient client = node.client()) {
      failure(RpcException.Malformed.class, () -> client.call(NUMBER));
    }
  }

  private static FakeNode packed(String body) {
    return new FakeNode((exchange, request) -> {
      assertThat(exchange.getRequestHeaders().getFirst("Accept-Encoding")).isEqualTo("gzip");
      exchange.getResponseHeaders().add("Content-Encoding", "gzip");
      exchange.sendResponseHeaders(200, 0);
      try (GZIPOutputStream out = new GZIPOutputStream(exchange.getResponseBody())) {
        out.write(FakeNode.fill(body, request).getBytes(StandardCharsets.UTF_8));
      }
    });
  }

  @Test
  void largeBody_shouldBeReadWhole() {
    String body = "{\"id\":#0,\"pad\":\"" + "é".repeat(1_500_000) + "\",\"result\":\"0x1\"}";
    assertThat(single(body)).isEqualTo(1);
  }

  @Test
  void silence_shouldTimeOutBeforeAndAmidTheBody() {
    CountDownLatch done = new CountDownLatch(1);
    for (boolean amidBody : new boolean[] {false, true}) {
      try (FakeNode node =
              new FakeNode((exchange, _) -> {
                if (amidBody) {
                  exchange.sendResponseHeaders(200, 100);
                  exchange.getResponseBody().write('{');
                  exchange.getResponseBody().flush();
                }
                await(done);
              });
          JsonRpcClient client = node.client(JsonRpcOptions.DEFAULTS.withRequestTimeout(SHORT))) {
        assertThat(failure(RpcException.Timeout.class, () -> client.call(NUMBER)))
            .hasMessageContaining("no answer within 200 ms");
      }
    }
    done.countDown();
  }

  @Test
  void waitingForAPlace_shouldBePartOfTheTimeOut() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    CountDownLatch arrived = new CountDownLatch(1);
    try (FakeNode node =
            new FakeNode((exchange, request) -> {
              arrived.countDown();
              await(done);
              FakeNode.send(
                  exchange, 200, FakeNode.fill("{\"id\":#0,\"result\":\"0x1\"}", request));
            });
        JsonRpcClient client =
            node.client(
                JsonRpcOptions.DEFAULTS
                    .withRequestTimeout(Duration.ofSeconds(1))
                    .withMaxConcurrentRequests(1));
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> first =
          executor.submit(() -> failure(RpcException.Timeout.class, () -> client.call(NUMBER)));
      arrived.await();
      failure(RpcException.Timeout.class, () -> client.call(NUMBER));
      first.get();
      assertThat(node.requests).hasSizeBetween(1, 2);
      done.countDown();
    }
  }

  @Test
  void requestsAtATime_shouldBeLimited() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (FakeNode node =
            new FakeNode((exchange, request) -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              now.decrementAndGet();
              FakeNode.send(
                  exchange, 200, FakeNode.fill("{\"id\":#0,\"result\":\"0x1\"}", request));
            });
        JsonRpcClient client = node.client(JsonRpcOptions.DEFAULTS.withMaxConcurrentRequests(3));
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> results =
          IntStream.range(0, 100)
              .mapToObj(_ -> executor.submit(() -> client.call(NUMBER)))
              .toList();
      for (Future<Long> result : results) {
        assertThat(result.get()).isEqualTo(1);
      }
      assertThat(most.get()).isBetween(1, 3);
    }
  }

  @Test
  void interruption_shouldBeTypedAndKeptOnTheThread() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    CountDownLatch arrived = new CountDownLatch(1);
    try (FakeNode node =
            new FakeNode((_, _) -> {
              arrived.countDown();
              await(done);
            });
        JsonRpcClient client = node.client();
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> outcome =
          executor.submit(() -> {
            failure(RpcException.Interrupted.class, () -> client.call(NUMBER));
            return Thread.currentThread().isInterrupted();
          });
      arrived.await();
      executor.shutdownNow();
      assertThat(outcome.get()).isTrue();
      done.countDown();
    }
  }

  @Test
  void noServer_shouldBeATransportFailure() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    try (JsonRpcClient client =
        new JsonRpcClient(
            URI.create("http://127.0.0.1:" + port + "/secret-key"), JsonRpcOptions.DEFAULTS)) {
      RpcException.Transport failure =
          failure(RpcException.Transport.class, () -> client.call(NUMBER));
      assertThat(failure.endpoint()).isEqualTo("127.0.0.1:" + port);
      assertThat(client).hasToString("JsonRpcClient[127.0.0.1:" + port + "]");
    }
  }

  @Test
  void connectionClosedWithoutAnswer_shouldBeATransportFailure() throws Exception {
    try (ServerSocket server = new ServerSocket(0);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        JsonRpcClient client =
            new JsonRpcClient(
                URI.create("http://127.0.0.1:" + server.getLocalPort()), JsonRpcOptions.DEFAULTS)) {
      Future<?> closing =
          executor.submit(() -> {
            server.accept().close();
            return null;
          });
      failure(RpcException.Transport.class, () -> client.call(NUMBER));
      closing.get();
    }
  }

  @Test
  void blockedCommonPool_shouldHoldUpNoCall() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    try (FakeNode node = FakeNode.json("{\"id\":#0,\"result\":\"0x1\"}");
        FakeNode refusing = FakeNode.status(503, "busy");
        FakeNode silent = new FakeNode((_, _) -> await(done));
        FakeNode cutting = new FakeNode((exchange, _) -> exchange.sendResponseHeaders(200, 9));
        JsonRpcClient client = node.client();
        JsonRpcClient refused = refusing.client();
        JsonRpcClient cut = cutting.client();
        JsonRpcClient unanswered =
            silent.client(JsonRpcOptions.DEFAULTS.withRequestTimeout(SHORT))) {
      ForkJoinTask<?> behind = blockCommonPool(done);
      assertThat(client.call(NUMBER)).isEqualTo(1);
      assertThat(client.call(NUMBER)).as("on a kept connection").isEqualTo(1);
      failure(RpcException.HttpStatus.class, () -> refused.call(NUMBER));
      failure(RpcException.Timeout.class, () -> unanswered.call(NUMBER));
      failure(RpcException.Transport.class, () -> cut.call(NUMBER));
      assertThat(behind.isDone()).as("the pool was blocked all the time").isFalse();
    } finally {
      done.countDown();
    }
  }

  @Test
  void close_shouldBreakOffTheCallsUnderWay_andRefuseLaterOnes() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    CountDownLatch arrived = new CountDownLatch(1);
    try (FakeNode node =
            new FakeNode((_, _) -> {
              arrived.countDown();
              await(done);
            });
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      JsonRpcClient client = node.client();
      Future<?> call =
          executor.submit(() -> failure(RpcException.Transport.class, () -> client.call(NUMBER)));
      arrived.await();
      ForkJoinTask<?> behind = blockCommonPool(done);
      client.close();
      call.get();
      failure(RpcException.Transport.class, () -> client.call(NUMBER));
      assertThat(behind.isDone()).isFalse();
    } finally {
      done.countDown();
    }
  }

  /** Blocks all threads of the common pool; returns a task that waits behind them. */
  private static ForkJoinTask<?> blockCommonPool(CountDownLatch until) throws Exception {
    ForkJoinPool pool = ForkJoinPool.commonPool();
    CountDownLatch blocked = new CountDownLatch(pool.getParallelism());
    for (int i = 0; i < pool.getParallelism(); i++) {
      pool.execute(() -> {
        blocked.countDown();
        await(until);
      });
    }
    blocked.await();
    return pool.submit(() -> {});
  }

  @Test
  void options_shouldBeCheckedAndHideHeaders() {
    assertThat(
            JsonRpcOptions.DEFAULTS
                .withHeaders(Map.of("Authorization", "Bearer hidden"))
                .toString())
        .contains("Authorization")
        .doesNotContain("hidden");
    assertThatThrownBy(() -> JsonRpcOptions.DEFAULTS.withRequestTimeout(Duration.ZERO))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> JsonRpcOptions.DEFAULTS.withMaxResponseBytes(0))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> JsonRpcOptions.DEFAULTS.withMaxConcurrentRequests(-1))
        .isInstanceOf(InvalidValueException.class);
    for (String uri : List.of("ws://node", "file:///x", "node:8545", "/x")) {
      assertThatThrownBy(() -> new JsonRpcClient(URI.create(uri), JsonRpcOptions.DEFAULTS))
          .isInstanceOf(InvalidValueException.class);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
