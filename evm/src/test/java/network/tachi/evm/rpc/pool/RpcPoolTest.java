package network.tachi.evm.rpc.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.rpc.Attempt;
import network.tachi.evm.rpc.Attempt.Blame;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthCalls;
import network.tachi.evm.rpc.JsonRpc;
import network.tachi.evm.rpc.JsonRpcOptions;
import network.tachi.evm.rpc.RpcCall;
import network.tachi.evm.rpc.RpcErrorKind;
import network.tachi.evm.rpc.RpcException;
import network.tachi.evm.rpc.RpcReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pools over real HTTP servers that misbehave. */
@Timeout(30)
final class RpcPoolTest {
  private static final RpcCall<Long> NUMBER = EthCalls.blockNumber();
  private static final RpcCall<Hash> SEND = EthCalls.sendRawTransaction(Bytes.parse("0x01"));
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final PoolOptions HEDGED =
      PoolOptions.DEFAULTS
          .withClient(JsonRpcOptions.DEFAULTS.withRequestTimeout(SHORT))
          .withProbeInterval(Duration.ofMillis(50));

  /** Never asks a second endpoint for slowness, so that the order of requests is known. */
  private static final PoolOptions OPTIONS =
      new PoolOptions(
          HEDGED.client(),
          HEDGED.chain(),
          0.9,
          Duration.ofHours(1),
          Duration.ofHours(1),
          HEDGED.probeInterval(),
          HEDGED.maxCallers());

  private final List<AutoCloseable> open = new ArrayList<>();
  private final Heard heard = new Heard();
  private final PoolNode first = keep(new PoolNode());
  private final PoolNode second = keep(new PoolNode());

  private static final class Heard implements PoolListener {
    final List<String> hedges = new CopyOnWriteArrayList<>();
    final List<String> changes = new CopyOnWriteArrayList<>();
    final List<RpcErrorKind> failures = new CopyOnWriteArrayList<>();

    @Override
    public void hedged(String endpoint, String method, boolean won) {
      hedges.add(endpoint + " " + method + " " + won);
    }

    @Override
    public void changed(String endpoint, EndpointState state) {
      changes.add(endpoint + " " + state);
    }

    @Override
    public void failed(String endpoint, String method, RpcErrorKind kind) {
      failures.add(kind);
    }
  }

  private static final class LieException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private <T extends AutoCloseable> T keep(T part) {
    open.addFirst(part);
    return part;
  }

  private RpcPool pool(PoolOptions options, PoolNode... nodes) {
    return keep(RpcPool.open(Stream.of(nodes).map(PoolNode::uri).toList(), options, heard));
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(5);
    }
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable part : open) {
      part.close();
    }
  }

  @Test
  void failedRead_shouldBeAnsweredByAnother() {
    for (int status : new int[] {500, 429, 403, 404}) {
      first.status = status;
      assertThat(pool(OPTIONS, first, second).call(NUMBER)).isEqualTo(16);
    }
    assertThat(heard.failures)
        .containsExactly(
            RpcErrorKind.BACKEND_DOWN,
            RpcErrorKind.RATE_LIMITED,
            RpcErrorKind.AUTH,
            RpcErrorKind.UNSUPPORTED);
  }

  @Test
  void deadEndpoint_shouldBeLeftAndTakenBackWhenItLives() throws Exception {
    second.delayMillis = 100;
    RpcPool pool = pool(OPTIONS, first, second);
    first.status = 502;
    for (int i = 0; i < 3; i++) {
      assertThat(pool.call(NUMBER)).isEqualTo(16);
    }
    assertThat(pool.states()).containsEntry(first.name(), EndpointState.FAILING);
    long asked = first.asked("eth_blockNumber");
    for (int i = 0; i < 5; i++) {
      pool.call(NUMBER);
    }
    assertThat(first.asked("eth_blockNumber")).isEqualTo(asked);
    first.recover();
    await(() -> pool.states().get(first.name()) == EndpointState.READY);
  }

  @Test
  void allFailing_shouldStillBeAsked() {
    RpcPool pool = pool(OPTIONS.withProbeInterval(Duration.ofHours(1)), first, second);
    first.status = 500;
    second.status = 500;
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> pool.call(NUMBER)).isInstanceOf(RpcException.HttpStatus.class);
    }
    second.recover();
    assertThat(pool.call(NUMBER)).isEqualTo(16);
  }

  @Test
  void slowEndpoint_shouldLoseToASecondOneAndNotBeAskedFirstForEver() {
    first.silent = true;
    RpcPool pool = pool(HEDGED, first, second);
    assertThat(pool.call(NUMBER)).isEqualTo(16);
    assertThat(heard.hedges).containsExactly(second.name() + " eth_blockNumber true");
    long asked = first.asked("eth_blockNumber");
    for (int i = 0; i < 20; i++) {
      pool.call(NUMBER);
    }
    assertThat(first.asked("eth_blockNumber")).isEqualTo(asked);
  }

  @Test
  void hedges_shouldBeFew() {
    PoolOptions eager =
        new PoolOptions(
            JsonRpcOptions.DEFAULTS,
            OPTIONS.chain(),
            0.01,
            Duration.ofNanos(1),
            Duration.ofNanos(1),
            Duration.ofHours(1),
            1_024);
    RpcPool pool = pool(eager, first, second);
    for (int i = 0; i < 300; i++) {
      pool.call(NUMBER);
    }
    assertThat(heard.hedges).hasSizeLessThanOrEqualTo(20 + 30 + 1);
  }

  @Test
  void emptyAnswer_shouldNotWinAgainstOneThatIsAwaited() throws Exception {
    CountDownLatch secondAsked = new CountDownLatch(1);
    RpcPool pool = pool(HEDGED, first, second);
    second.block = "null";
    BlockHeader header =
        pool.attempt(
                new Attempt<>(
                    "block",
                    Duration.ofSeconds(5),
                    node -> {
                      var found = node.call(EthCalls.block(BlockTag.LATEST));
                      if (node.endpoint().equals(second.name())) {
                        secondAsked.countDown();
                      } else {
                        awaitLatch(secondAsked);
                        sleep();
                      }
                      return found;
                    },
                    _ -> Blame.NONE))
            .orElseThrow();
    assertThat(header.number()).isPositive();
    assertThat(heard.hedges).containsExactly(second.name() + " block false");
  }

  /** Long enough for the other's empty answer to arrive first. */
  private static void sleep() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void onlyEmptyAnswers_shouldBeTheAnswer() {
    first.block = "null";
    second.block = "null";
    assertThat(pool(OPTIONS, first, second).call(EthCalls.block(BlockTag.LATEST))).isEmpty();
  }

  @Test
  void transaction_shouldBeSentOnceWhereverItHangs() {
    first.silent = true;
    RpcPool pool = pool(HEDGED, first, second);
    assertThatThrownBy(() -> pool.call(SEND)).isInstanceOf(RpcException.Timeout.class);
    first.silent = false;
    first.status = 500;
    RpcPool other = pool(HEDGED, first, second);
    assertThatThrownBy(() -> other.call(SEND)).isInstanceOf(RpcException.HttpStatus.class);
    assertThat(second.asked("eth_sendRawTransaction")).isZero();
    assertThat(heard.hedges).isEmpty();
  }

  @Test
  void transactionThatWasNotTaken_shouldBeSentToAnother() {
    RpcPool pool = pool(OPTIONS, first, second);
    first.status = 429;
    assertThat(pool.call(SEND)).isNotNull();
    assertThat(second.asked("eth_sendRawTransaction")).isOne();
    first.close();
    assertThat(pool(OPTIONS, first, second).call(SEND)).isNotNull();
  }

  @Test
  void deterministicError_shouldNotBeRepeated() {
    RpcPool pool = pool(OPTIONS, first, second);
    first.error = "{\"code\":3,\"message\":\"execution reverted: no\"}";
    assertThatThrownBy(() -> pool.call(NUMBER)).isInstanceOf(RpcException.ErrorReply.class);
    assertThat(second.asked("eth_blockNumber")).isZero();
  }

  @Test
  void unpaidEndpoint_shouldNotBeAskedUntilAProbeFindsItPaid() throws Exception {
    RpcPool pool = pool(OPTIONS.withProbeInterval(Duration.ofMillis(300)), first, second);
    first.error = "{\"code\":429,\"message\":\"Monthly capacity limit exceeded.\"}";
    for (int i = 0; i < 10; i++) {
      assertThat(pool.call(NUMBER)).isEqualTo(16);
    }
    assertThat(first.asked("eth_blockNumber")).isOne();
    assertThat(pool.states()).containsEntry(first.name(), EndpointState.UNPAID);
    first.recover();
    await(() -> pool.states().get(first.name()) == EndpointState.READY);
  }

  @Test
  void wrongChain_shouldBeFoundBeforeAnythingIsReadAndForgivenWhenRight() throws Exception {
    RpcPool pool = pool(OPTIONS.forChain(ChainId.of(1)), first, second);
    first.chainId = "0x2105";
    assertThat(pool.call(NUMBER)).isEqualTo(16);
    assertThat(first.asked("eth_blockNumber")).isZero();
    assertThat(pool.states()).containsEntry(first.name(), EndpointState.WRONG_CHAIN);
    first.chainId = "0x1";
    await(() -> pool.states().get(first.name()) == EndpointState.READY);
  }

  @Test
  void onlyWrongChains_shouldBeSaid() {
    RpcPool pool = pool(OPTIONS.forChain(ChainId.of(7)), first, second);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> pool.call(NUMBER))
          .isInstanceOfSatisfying(
              RpcException.WrongChain.class,
              error -> assertThat(error.found()).isEqualTo(ChainId.of(1)));
    }
  }

  private Long attempt(RpcPool pool, AtomicInteger lies) {
    return pool.attempt(
        new Attempt<>(
            "number",
            Duration.ofSeconds(1),
            (JsonRpc node) -> {
              long number = node.call(NUMBER);
              if (number != 16) {
                lies.incrementAndGet();
                throw new LieException();
              }
              return number;
            },
            error -> error instanceof LieException ? Blame.LIE : Blame.NONE));
  }

  @Test
  void liar_shouldBeCordonedAfterThreeLiesAndReadmittedByProbes() throws Exception {
    RpcPool pool = pool(OPTIONS.withProbeInterval(Duration.ofMillis(200)), first, second);
    AtomicInteger lies = new AtomicInteger();
    second.delayMillis = 100;
    first.blockNumber = "0x666";
    for (int i = 0; i < 8; i++) {
      assertThat(attempt(pool, lies)).isEqualTo(16);
    }
    assertThat(lies).hasValueLessThanOrEqualTo(3);
    assertThat(pool.states()).containsEntry(first.name(), EndpointState.CORDONED);
    first.blockNumber = "0x10";
    await(() -> pool.states().get(first.name()) == EndpointState.READY);
    assertThat(heard.changes)
        .containsExactly(
            first.name() + " " + EndpointState.CORDONED, first.name() + " " + EndpointState.READY);
  }

  @Test
  void probeWithAFalseHeader_shouldNotReadmit() throws Exception {
    RpcPool pool = pool(OPTIONS, first, second);
    AtomicInteger lies = new AtomicInteger();
    second.delayMillis = 100;
    first.blockNumber = "0x666";
    first.block =
        PoolNode.recorded("eth-block").replaceFirst("\"gasUsed\":\"0x.", "\"gasUsed\":\"0x9");
    for (int i = 0; i < 20; i++) {
      attempt(pool, lies);
    }
    await(() -> first.asked("eth_getBlockByNumber") > 2);
    assertThat(pool.states()).containsEntry(first.name(), EndpointState.CORDONED);
  }

  @Test
  void onlyLiarsLeft_shouldServeThoseWhoCheckAndNobodyElse() throws Exception {
    RpcPool pool = pool(OPTIONS.withProbeInterval(Duration.ofMillis(500)), first);
    first.block = "null";
    AtomicInteger lies = new AtomicInteger();
    first.blockNumber = "0x666";
    for (int i = 0; i < 5; i++) {
      assertThat(catchThrowable(() -> attempt(pool, lies))).isInstanceOf(LieException.class);
    }
    assertThat(pool.states()).containsEntry(first.name(), EndpointState.CORDONED);
    assertThatThrownBy(() -> pool.call(NUMBER)).isInstanceOf(RpcException.Unavailable.class);
    first.blockNumber = "0x10";
    await(() -> {
      assertThat(attempt(pool, lies)).isEqualTo(16);
      return pool.states().get(first.name()) == EndpointState.READY;
    });
    assertThat(pool.call(NUMBER)).isEqualTo(16);
  }

  @Test
  void attemptWithoutAnswer_shouldEndWhenPatienceDoes() {
    first.silent = true;
    second.silent = true;
    RpcPool pool = pool(OPTIONS, first, second);
    long start = System.nanoTime();
    assertThatThrownBy(() ->
            pool.attempt(
                new Attempt<>(
                    "number", Duration.ofMillis(200), node -> node.call(NUMBER), _ -> Blame.NONE)))
        .isInstanceOf(RpcException.Timeout.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    assertThat(second.asked("eth_blockNumber")).isOne();
  }

  @Test
  void refusedMethod_shouldBeAskedElsewhereFromThenOn() {
    first.onlyMethod = "eth_getBlockReceipts";
    first.error =
        "{\"code\":-32601,\"message\":\"the method eth_getBlockReceipts does not exist\"}";
    RpcPool pool = pool(OPTIONS, first, second);
    for (int i = 0; i < 5; i++) {
      assertThat(pool.call(EthCalls.blockReceipts(BlockTag.LATEST))).isEmpty();
      assertThat(pool.call(NUMBER)).isEqualTo(16);
    }
    assertThat(first.asked("eth_getBlockReceipts")).isOne();
  }

  @Test
  void batchWithARefusedPart_shouldBeAskedElsewhere() {
    RpcPool pool = pool(OPTIONS, first, second);
    first.error = "{\"code\":429,\"message\":\"compute units per second\"}";
    List<RpcReply<Long>> replies = pool.callAll(List.of(NUMBER));
    assertThat(replies).containsExactly(new RpcReply.Ok<>(16L));
  }

  @Test
  void tooManyCallers_shouldBeRefusedAtOnce() throws Exception {
    first.silent = true;
    RpcPool pool = pool(OPTIONS.withMaxCallers(2), first);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Throwable>> under =
          Stream.generate(() -> executor.submit(() -> catchThrowable(() -> pool.call(NUMBER))))
              .limit(2)
              .toList();
      await(() -> first.asked("eth_blockNumber") == 2);
      assertThatThrownBy(() -> pool.call(NUMBER)).isInstanceOf(RpcException.Unavailable.class);
      for (Future<Throwable> one : under) {
        assertThat(one.get()).isInstanceOf(RpcException.Timeout.class);
      }
    }
  }

  @Test
  void names_shouldTellEndpointsApartAndHideSecrets() {
    RpcPool pool =
        keep(RpcPool.open(List.of(first.uri(), first.uri()), OPTIONS, PoolListener.NONE));
    assertThat(pool.endpoint()).isEqualTo(first.name() + ", " + first.name() + "#2");
    assertThat(pool.toString()).doesNotContain("secret");
    assertThat(pool.nodes()).hasSize(2);
    assertThatThrownBy(() -> RpcPool.open(List.of(), OPTIONS, PoolListener.NONE))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() ->
            RpcPool.open(List.of(URI.create("ws://a.example/secret")), OPTIONS, PoolListener.NONE))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageNotContaining("secret");
  }
}
