package network.tachi.evm.rpc.pool;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import network.tachi.evm.ChainId;
import network.tachi.evm.rpc.Attempt.Blame;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthCalls;
import network.tachi.evm.rpc.JsonRpc;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.RpcCall;
import network.tachi.evm.rpc.RpcErrorKind;
import network.tachi.evm.rpc.RpcException;
import network.tachi.evm.rpc.RpcFailure;
import network.tachi.evm.rpc.RpcReply;

/**
 * One endpoint of a pool: its client, and what the pool has learnt of it. It keeps to the
 * endpoint's rate, and asks for its chain before anything else. As a {@link JsonRpc} it is this one
 * node.
 */
final class Endpoint implements JsonRpc, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(RpcPool.class.getName());
  private static final long REFUSED_FOR = Duration.ofMinutes(10).toNanos();
  private static final String CHAIN_ID = "eth_chainId";
  private static final double UNKNOWN_LATENCY = Duration.ofMillis(30).toNanos();
  private static final double ERROR_PENALTY = 4;
  private static final double LOAD_PENALTY = 1 / 8.0;

  /** A method that every node has, so that only its parameters can be unsupported. */
  static final String EVERYBODY_HAS_IT = "eth_getBlockByNumber";

  private final JsonRpcClient client;
  private final String name;
  private final PoolOptions options;
  private final PoolListener listener;
  private final LongSupplier clock;
  private final Latencies latencies = new Latencies();
  private final RateBucket rate;
  private final Health health;
  private final Map<String, Long> refusedUntil = new ConcurrentHashMap<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicLong head = new AtomicLong(-1);
  private final ReentrantLock admission = new ReentrantLock();
  private volatile boolean rightChain;
  private volatile long lastAsked;

  /**
   * An endpoint that has not been asked anything yet.
   *
   * @param name host and port, made unique in the pool
   * @param clock monotonic nanoseconds
   */
  Endpoint(URI uri, String name, PoolOptions options, PoolListener listener, LongSupplier clock) {
    this.client = new JsonRpcClient(uri, options.client());
    this.name = name;
    this.options = options;
    this.listener = listener;
    this.clock = clock;
    this.rate = new RateBucket(clock.getAsLong());
    this.health = new Health(options.probeInterval(), clock.getAsLong());
    this.rightChain = options.chain().isEmpty();
    this.lastAsked = clock.getAsLong();
  }

  @Override
  public String endpoint() {
    return name;
  }

  EndpointState state() {
    return health.state();
  }

  Health health() {
    return health;
  }

  Latencies latencies() {
    return latencies;
  }

  /** The highest head that probes have seen, or -1. */
  long head() {
    return head.get();
  }

  /** How long nobody has asked it anything, in nanoseconds. */
  long idleNanos() {
    return clock.getAsLong() - lastAsked;
  }

  /** The calls a second it allows; infinite as long as it has not said. */
  double perSecond() {
    return rate.perSecond();
  }

  /** What the next answer to a method costs in time, with a penalty for errors and load. */
  double cost(String label) {
    double latency =
        latencies.mean(label).stream().asDoubleStream().findFirst().orElse(UNKNOWN_LATENCY);
    return latency * (1 + underWay.get() * LOAD_PENALTY) * (1 + health.errorRate() * ERROR_PENALTY)
        + rate.nanosUntilFree(clock.getAsLong());
  }

  /** Whether it said lately that it does not have a method. */
  boolean refuses(String method) {
    Long until = refusedUntil.get(method);
    if (until == null) {
      return false;
    }
    if (clock.getAsLong() - until < 0) {
      return true;
    }
    refusedUntil.remove(method, until);
    return false;
  }

  @Override
  public <T> T call(RpcCall<T> call) {
    return measured(
        call.method(),
        1,
        () -> {
          T result = client.call(call);
          if (result instanceof ChainId found && call.method().equals(CHAIN_ID)) {
            requireChain(found);
          }
          return result;
        },
        _ -> Optional.empty());
  }

  @Override
  public <T> List<RpcReply<T>> callAll(List<RpcCall<T>> calls) {
    if (calls.isEmpty()) {
      return List.of();
    }
    return measured(
        calls.getFirst().method(),
        calls.size(),
        () -> client.callAll(calls),
        replies -> replies.stream().flatMap(reply -> failure(reply).stream()).findFirst());
  }

  private static Optional<RpcException> failure(RpcReply<?> reply) {
    return reply instanceof RpcReply.Failed<?>(RpcException error)
        ? Optional.of(error)
        : Optional.empty();
  }

  private <R> R measured(
      String method,
      int calls,
      Supplier<R> request,
      Function<R, Optional<RpcException>> failureWithin) {
    underWay.incrementAndGet();
    long start = clock.getAsLong();
    try {
      checkChain();
      awaitTurn(method, calls);
      start = clock.getAsLong();
      R result = request.get();
      long now = clock.getAsLong();
      latencies.add(method, now - start);
      listener.answered(name, method, calls, Duration.ofNanos(now - start));
      Optional<RpcException> within = failureWithin.apply(result);
      if (within.isPresent()) {
        learn(method, within.get());
      } else {
        rate.answered(now);
        noteAnswered(now);
      }
      return result;
    } catch (RpcException e) {
      if (e instanceof RpcException.Interrupted || e instanceof RpcException.Timeout) {
        noteUnfinished(method, start);
      }
      learn(method, e);
      throw e;
    } finally {
      underWay.decrementAndGet();
    }
  }

  private void noteAnswered(long now) {
    EndpointState before = health.state();
    health.answered(now);
    tell(before);
  }

  /** Whoever is broken off for being slow would else never be known to be slow. */
  void noteUnfinished(String label, long start) {
    long elapsed = clock.getAsLong() - start;
    if (elapsed > latencies.mean(label).orElse(0)) {
      latencies.add(label, elapsed);
    }
  }

  private void checkChain() {
    if (rightChain) {
      return;
    }
    admission.lock();
    try {
      if (!rightChain) {
        requireChain(client.call(EthCalls.chainId()));
        rightChain = true;
      }
    } finally {
      admission.unlock();
    }
  }

  private void requireChain(ChainId found) {
    options
        .chain()
        .filter(expected -> !expected.equals(found))
        .ifPresent(expected -> {
          throw new RpcException.WrongChain(name, CHAIN_ID, expected, found);
        });
  }

  private void awaitTurn(String method, int calls) {
    long deadline = clock.getAsLong() + options.client().requestTimeout().toNanos();
    lastAsked = clock.getAsLong();
    while (!rate.tryTake(calls, clock.getAsLong())) {
      long wait = rate.nanosUntilFree(clock.getAsLong());
      if (clock.getAsLong() + wait - deadline > 0) {
        throw new RpcException.Unavailable(name, method, "its rate limit leaves no room in time");
      }
      try {
        Thread.sleep(Duration.ofNanos(Math.max(1, wait)));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new RpcException.Interrupted(name, method);
      }
    }
  }

  private void learn(String method, RpcException error) {
    RpcErrorKind kind = RpcFailure.of(error).kind();
    if (kind == RpcErrorKind.INTERRUPTED) {
      return;
    }
    long now = clock.getAsLong();
    listener.failed(name, method, kind);
    EndpointState before = health.state();
    switch (kind) {
      case RATE_LIMITED ->
          rate.limited(
              error instanceof RpcException.HttpStatus status
                  ? status.retryAfter()
                  : Optional.empty(),
              now);
      case UNSUPPORTED, AUTH -> {
        if (!method.equals(EVERYBODY_HAS_IT)) {
          refusedUntil.put(method, now + REFUSED_FOR);
        }
      }
      case UNKNOWN ->
          LOG.log(
              System.Logger.Level.WARNING, "an error of no known kind: {0}", error.getMessage());
      default -> {}
    }
    if (error instanceof RpcException.Transport) {
      rightChain = options.chain().isEmpty();
    }
    if (!(error instanceof RpcException.Unavailable)) {
      health.failed(kind, error, now);
    }
    tell(before);
  }

  /** Work that checks every answer did not accept what this endpoint said. */
  void blame(Blame blame, String label, RuntimeException error) {
    // It may have become the node of another chain behind the same URL.
    rightChain = options.chain().isEmpty();
    EndpointState before = health.state();
    health.blamed(blame, error, clock.getAsLong());
    listener.blamed(name, label);
    tell(before);
  }

  /** No answer came in the time that work had. */
  void tooSlow(String label, RpcException error) {
    learn(label, error);
  }

  /** Work that checks every answer accepted what this endpoint said. */
  void proven() {
    if (health.state() == EndpointState.CORDONED) {
      health.proven(clock.getAsLong());
      tell(EndpointState.CORDONED);
    }
  }

  /**
   * Looks whether it is fit: the right chain, in sync, and a head whose hash is that of its fields.
   *
   * @param bestHead the highest head of endpoints that are fit, or -1
   */
  void probe(long bestHead) {
    EndpointState before = health.state();
    try {
      requireChain(client.call(EthCalls.chainId()));
      long start = clock.getAsLong();
      Optional<BlockHeader> latest = client.call(EthCalls.block(BlockTag.LATEST));
      latencies.add("probe", clock.getAsLong() - start);
      lastAsked = clock.getAsLong();
      boolean honest =
          latest
              .filter(header -> header.verifyHash() != BlockHeader.HashCheck.MISMATCH)
              .isPresent();
      if (honest && !client.call(EthCalls.syncing())) {
        long number = latest.get().number();
        head.accumulateAndGet(number, Math::max);
        rightChain = true;
        health.probed(number, bestHead, clock.getAsLong());
      }
    } catch (RpcException e) {
      health.failed(RpcFailure.of(e).kind(), e, clock.getAsLong());
    }
    tell(before);
  }

  /** Asks an idle endpoint for its head, so that its latency and height are known. */
  void ping() {
    try {
      head.accumulateAndGet(call(EthCalls.blockNumber()), Math::max);
    } catch (RpcException e) {
      LOG.log(System.Logger.Level.DEBUG, "idle endpoint {0}: {1}", name, e.getMessage());
    }
  }

  private void tell(EndpointState before) {
    EndpointState now = health.state();
    if (now != before) {
      RuntimeException reason = health.reason();
      LOG.log(
          now == EndpointState.READY ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
          "RPC endpoint {0} is {1}{2}",
          name,
          now.name().toLowerCase(Locale.ROOT).replace('_', ' '),
          reason == null ? "" : ": " + reason.getMessage());
      listener.changed(name, now);
    }
  }

  @Override
  public void close() {
    client.close();
  }

  @Override
  public String toString() {
    return name + " " + health.state();
  }
}
