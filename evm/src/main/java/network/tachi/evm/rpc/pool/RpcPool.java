package network.tachi.evm.rpc.pool;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.rpc.Attempt;
import network.tachi.evm.rpc.Attempt.Blame;
import network.tachi.evm.rpc.JsonRpc;
import network.tachi.evm.rpc.RpcCall;
import network.tachi.evm.rpc.RpcException;
import network.tachi.evm.rpc.RpcFailure;
import network.tachi.evm.rpc.RpcReply;

/**
 * Several endpoints of one chain as one {@link JsonRpc}. There are no roles: whichever answers
 * fastest and errs least is asked, until another one is clearly better. A failed read is tried at
 * the others; a slow one too, before it has failed. What changes something, such as {@code
 * eth_sendRawTransaction}, is sent to one endpoint only, and to another only if it certainly was
 * not taken.
 */
public final class RpcPool implements JsonRpc, AutoCloseable {
  private static final double HURDLE = 0.9;

  /** A hedge, and the part of one that each request saves up: at most one in ten is hedged. */
  private static final long HEDGE = 10;

  private static final long SAVED_BY_REQUEST = 1;
  private static final long MOST_SAVED = 20 * HEDGE;
  private static final Duration NODE_PATIENCE = Duration.ofSeconds(1);
  private static final Duration UPKEEP = Duration.ofMillis(250);
  private static final long IDLE = Duration.ofSeconds(15).toNanos();
  private static final Set<String> READS =
      Set.of(
          "eth_call",
          "eth_chainId",
          "eth_blockNumber",
          "eth_estimateGas",
          "eth_feeHistory",
          "eth_gasPrice",
          "eth_maxPriorityFeePerGas",
          "eth_syncing");

  private final List<Endpoint> endpoints;
  private final PoolOptions options;
  private final PoolListener listener;
  private final LongSupplier clock = System::nanoTime;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore callers;
  private final CountDownLatch closed = new CountDownLatch(1);

  private final AtomicLong hedgesLeft = new AtomicLong(MOST_SAVED);

  private volatile Endpoint preferred;

  private RpcPool(List<Endpoint> endpoints, PoolOptions options, PoolListener listener) {
    this.endpoints = endpoints;
    this.options = options;
    this.listener = listener;
    this.callers = new Semaphore(options.maxCallers());
    this.preferred = endpoints.getFirst();
    Thread.ofVirtual().name("rpc-pool-upkeep").start(this::upkeep);
  }

  /**
   * Opens a pool; connections are made when needed.
   *
   * @param uris http and https endpoints, the first one preferred as long as nothing is known; they
   *     may hold secrets and are never logged
   * @throws InvalidValueException if there is none, or one is not http or https
   */
  public static RpcPool open(List<URI> uris, PoolOptions options, PoolListener listener) {
    if (uris.isEmpty()) {
      throw new InvalidValueException("RPC endpoints", "at least one", "none");
    }
    Map<String, Integer> seen = new LinkedHashMap<>();
    List<Endpoint> endpoints = new ArrayList<>();
    for (URI uri : uris) {
      String host = uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
      int number = seen.merge(String.valueOf(host), 1, Integer::sum);
      String name = number == 1 ? host : host + "#" + number;
      endpoints.add(new Endpoint(uri, name, options, listener, System::nanoTime));
    }
    return new RpcPool(List.copyOf(endpoints), options, listener);
  }

  @Override
  public String endpoint() {
    return endpoints.stream().map(Endpoint::endpoint).collect(Collectors.joining(", "));
  }

  @Override
  public List<JsonRpc> nodes() {
    return candidates(Endpoint.EVERYBODY_HAS_IT, true).stream()
        .<JsonRpc>map(PatientNode::new)
        .toList();
  }

  /** One node, which is not waited for longer than small questions need. */
  private final class PatientNode implements JsonRpc {
    private final Endpoint endpoint;

    PatientNode(Endpoint endpoint) {
      this.endpoint = endpoint;
    }

    @Override
    public <T> T call(RpcCall<T> call) {
      return ask(call.method(), node -> node.call(call));
    }

    @Override
    public <T> List<RpcReply<T>> callAll(List<RpcCall<T>> calls) {
      return calls.isEmpty()
          ? List.of()
          : ask(calls.getFirst().method(), node -> node.callAll(calls));
    }

    private <T> T ask(String method, Function<Endpoint, T> work) {
      return counted(
          method, () -> race(method, List.of(endpoint), work, _ -> Blame.NONE, NODE_PATIENCE));
    }

    @Override
    public String endpoint() {
      return endpoint.endpoint();
    }
  }

  /** What the pool thinks of each endpoint, by host and port. */
  public Map<String, EndpointState> states() {
    Map<String, EndpointState> states = new LinkedHashMap<>();
    endpoints.forEach(endpoint -> states.put(endpoint.endpoint(), endpoint.state()));
    return states;
  }

  @Override
  public <T> T call(RpcCall<T> call) {
    return request(call.method(), isRead(call.method()), endpoint -> endpoint.call(call));
  }

  @Override
  public <T> List<RpcReply<T>> callAll(List<RpcCall<T>> calls) {
    if (calls.isEmpty()) {
      return List.of();
    }
    boolean reads = calls.stream().allMatch(call -> isRead(call.method()));
    return request(calls.getFirst().method(), reads, endpoint -> endpoint.callAll(calls));
  }

  @Override
  public <T> T attempt(Attempt<T> attempt) {
    return counted(
        attempt.label(),
        () ->
            race(
                attempt.label(),
                candidates(attempt.label(), true),
                endpoint -> timed(attempt, endpoint),
                attempt.judge(),
                attempt.patience()));
  }

  private <T> T timed(Attempt<T> attempt, Endpoint endpoint) {
    long start = clock.getAsLong();
    try {
      T result = attempt.work().apply(endpoint);
      endpoint.latencies().add(attempt.label(), clock.getAsLong() - start);
      endpoint.proven();
      return result;
    } catch (RpcException.Interrupted e) {
      endpoint.noteUnfinished(attempt.label(), start);
      throw e;
    }
  }

  private <T> T request(String method, boolean read, Function<Endpoint, T> work) {
    return counted(
        method,
        () -> {
          List<Endpoint> candidates = candidates(method, false);
          if (!read) {
            return sendOnce(candidates, work);
          }
          return candidates.size() == 1
              ? work.apply(candidates.getFirst())
              : race(method, candidates, work, _ -> Blame.NONE, options.client().requestTimeout());
        });
  }

  private <T> T counted(String label, Supplier<T> request) {
    if (!callers.tryAcquire()) {
      throw new RpcException.Unavailable(
          endpoint(), label, options.maxCallers() + " requests are under way or wait already");
    }
    try {
      return request.get();
    } finally {
      callers.release();
    }
  }

  private <T> T race(
      String label,
      List<Endpoint> candidates,
      Function<Endpoint, T> work,
      Function<RuntimeException, Blame> judge,
      Duration patience) {
    Race<T> race = new Race<>(label, candidates, work, judge, executor, clock, listener, patience);
    try {
      return race.run(hedgeAfter(label, candidates));
    } finally {
      if (race.hedged()) {
        hedgesLeft.addAndGet(-HEDGE);
      }
    }
  }

  /** When to ask a second endpoint; empty if too many of late were. */
  private Optional<Duration> hedgeAfter(String label, List<Endpoint> candidates) {
    long left = hedgesLeft.updateAndGet(was -> Math.min(MOST_SAVED, was + SAVED_BY_REQUEST));
    if (candidates.size() < 2 || left < HEDGE) {
      return Optional.empty();
    }
    OptionalLong usual = candidates.getFirst().latencies().quantile(label, options.hedgeQuantile());
    long least = options.hedgeAfterAtLeast().toNanos();
    long most = options.hedgeAfterAtMost().toNanos();
    return Optional.of(Duration.ofNanos(Math.clamp(usual.orElse(least * 4), least, most)));
  }

  /** Sends what must not be done twice. */
  private <T> T sendOnce(List<Endpoint> candidates, Function<Endpoint, T> work) {
    RpcException last = null;
    for (Endpoint endpoint : candidates) {
      try {
        return work.apply(endpoint);
      } catch (RpcException e) {
        if (!wasRefused(e)) {
          throw e;
        }
        last = e;
      }
    }
    throw last == null ? unavailable("a transaction", false) : last;
  }

  private static boolean wasRefused(RpcException error) {
    return switch (RpcFailure.of(error).kind()) {
      case RATE_LIMITED, BILLING, AUTH, UNSUPPORTED, WRONG_CHAIN -> true;
      case BACKEND_DOWN ->
          error instanceof RpcException.Unavailable
              || (error instanceof RpcException.Transport transport && transport.isUnsent());
      default -> false;
    };
  }

  /** The endpoints to ask, the best first. */
  private List<Endpoint> candidates(String label, boolean checked) {
    List<Endpoint> fit =
        new ArrayList<>(
            endpoints.stream()
                .filter(endpoint -> endpoint.state() == EndpointState.READY)
                .toList());
    if (fit.isEmpty()) {
      List<Endpoint> rest =
          endpoints.stream()
              .filter(endpoint -> endpoint.state().isLastResort(checked))
              .sorted(Comparator.comparing(Endpoint::state))
              .toList();
      if (rest.isEmpty()) {
        throw unavailable(label, checked);
      }
      return rest;
    }
    if (fit.size() > 1) {
      sort(fit, label);
    }
    return fit;
  }

  private void sort(List<Endpoint> fit, String label) {
    Map<Endpoint, Double> costs =
        fit.stream().collect(Collectors.toMap(each -> each, each -> each.cost(label)));
    Endpoint kept = preferred;
    // Whoever is preferred stays so unless another one is better by more than the hurdle.
    costs.computeIfPresent(kept, (_, cost) -> cost * HURDLE);
    fit.sort(
        Comparator.comparing((Endpoint each) -> each.refuses(label))
            .thenComparing(each -> costs.getOrDefault(each, Double.MAX_VALUE)));
    preferred = fit.getFirst();
  }

  private RuntimeException unavailable(String label, boolean checked) {
    List<RuntimeException> reasons = new ArrayList<>();
    for (Endpoint endpoint : endpoints) {
      RuntimeException reason = endpoint.health().reason();
      if (reason instanceof RpcException.WrongChain
          || (reason instanceof RpcException && checked)) {
        reasons.add(reason);
      }
    }
    return reasons.size() == endpoints.size()
        ? reasons.getFirst()
        : new RpcException.Unavailable(endpoint(), label, "no endpoint is fit: " + states());
  }

  private static boolean isRead(String method) {
    return method.startsWith("eth_get") || READS.contains(method);
  }

  /** Probes what is unfit and pings what is idle, until the pool is closed. */
  private void upkeep() {
    Set<Endpoint> busy = ConcurrentHashMap.newKeySet();
    try {
      while (!closed.await(UPKEEP.toNanos(), TimeUnit.NANOSECONDS)) {
        for (Endpoint endpoint : endpoints) {
          boolean unfit = endpoint.health().takeProbe(clock.getAsLong());
          boolean idle = endpoints.size() > 1 && endpoint.idleNanos() > IDLE;
          if ((unfit || idle) && busy.add(endpoint)) {
            Thread.ofVirtual()
                .name("rpc-pool-probe")
                .start(() -> {
                  try {
                    look(endpoint, unfit);
                  } finally {
                    busy.remove(endpoint);
                  }
                });
          }
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(Endpoint endpoint, boolean unfit) {
    if (unfit) {
      endpoint.probe(bestHead());
    } else if (endpoint.state() == EndpointState.READY) {
      endpoint.ping();
    }
  }

  private long bestHead() {
    return endpoints.stream()
        .filter(endpoint -> endpoint.state() == EndpointState.READY)
        .mapToLong(Endpoint::head)
        .max()
        .orElse(-1);
  }

  /** Breaks off what is under way and closes the connections. */
  @Override
  public void close() {
    closed.countDown();
    executor.shutdownNow();
    endpoints.forEach(Endpoint::close);
  }

  @Override
  public String toString() {
    return "RpcPool" + states();
  }
}
