package network.tachi.evm.rpc.pool;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import network.tachi.evm.rpc.Attempt.Blame;
import network.tachi.evm.rpc.RpcErrorKind;
import network.tachi.evm.rpc.RpcException;
import network.tachi.evm.rpc.RpcFailure;
import network.tachi.evm.rpc.RpcReply;
import org.jspecify.annotations.Nullable;

/**
 * One request, run against one endpoint after another until it ends well: the next one when one
 * fails, and once also when one is slow. An empty answer wins only if no other is awaited. Confined
 * to the caller's thread; the runs are on threads of their own and are interrupted once they have
 * lost.
 */
final class Race<T> {
  private final String label;
  private final Deque<Endpoint> waiting;
  private final Function<Endpoint, T> work;
  private final Function<RuntimeException, Blame> judge;
  private final ExecutorService executor;
  private final LongSupplier clock;
  private final PoolListener listener;
  private final Duration patience;
  private final Map<Endpoint, Run> running = new LinkedHashMap<>();
  private final LinkedBlockingQueue<Lap<T>> laps = new LinkedBlockingQueue<>();
  private @Nullable Endpoint hedge;
  private boolean hedgeWon;
  private @Nullable Lap<T> empty;
  private @Nullable RuntimeException failure;

  /** How a run ended: with a result or an error. */
  private record Lap<T>(Endpoint endpoint, @Nullable T result, @Nullable RuntimeException error) {}

  /** A run under way, and when it counts as failed. */
  private record Run(Future<?> future, long deadline) {}

  /**
   * What a race is run by.
   *
   * @param judge what an exception that is no {@link RpcException} says about an endpoint
   * @param patience how long one run may take
   */
  Race(
      String label,
      List<Endpoint> endpoints,
      Function<Endpoint, T> work,
      Function<RuntimeException, Blame> judge,
      ExecutorService executor,
      LongSupplier clock,
      PoolListener listener,
      Duration patience) {
    this.label = label;
    this.waiting = new ArrayDeque<>(endpoints);
    this.work = work;
    this.judge = judge;
    this.executor = executor;
    this.clock = clock;
    this.listener = listener;
    this.patience = patience;
  }

  /** Whether a second endpoint was asked because the first was slow. */
  boolean hedged() {
    return hedge != null;
  }

  /**
   * Runs it.
   *
   * @param hedgeAfter when a second endpoint is asked although the first has not failed; never if
   *     empty
   */
  T run(Optional<Duration> hedgeAfter) {
    long hedgeAt = clock.getAsLong() + hedgeAfter.orElse(patience).toNanos();
    startNext();
    try {
      while (!running.isEmpty()) {
        long deadline = running.values().iterator().next().deadline();
        boolean mayHedge =
            hedgeAfter.isPresent() && hedge == null && !waiting.isEmpty() && hedgeAt - deadline < 0;
        Lap<T> lap = await(mayHedge ? hedgeAt : deadline);
        if (lap != null) {
          // A run that was given up is none any more, whatever it says.
          if (running.remove(lap.endpoint()) != null && isOver(lap)) {
            return result(lap);
          }
        } else if (mayHedge) {
          hedge = waiting.peekFirst();
          startNext();
        } else {
          giveUpOldest();
        }
      }
      return lastResult();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new RpcException.Interrupted(running.keySet().iterator().next().endpoint(), label);
    } finally {
      running.values().forEach(run -> run.future().cancel(true));
      if (hedge != null) {
        listener.hedged(hedge.endpoint(), label, hedgeWon);
      }
    }
  }

  private void startNext() {
    Endpoint endpoint = waiting.removeFirst();
    try {
      Future<?> future = executor.submit(() -> laps.add(lap(endpoint)));
      running.put(endpoint, new Run(future, clock.getAsLong() + patience.toNanos()));
    } catch (RejectedExecutionException _) {
      throw new RpcException.Unavailable(endpoint.endpoint(), label, "the pool is closed");
    }
  }

  private Lap<T> lap(Endpoint endpoint) {
    try {
      return new Lap<>(endpoint, work.apply(endpoint), null);
    } catch (RuntimeException e) {
      return new Lap<>(endpoint, null, e);
    }
  }

  private @Nullable Lap<T> await(long until) throws InterruptedException {
    return laps.poll(Math.max(0, until - clock.getAsLong()), TimeUnit.NANOSECONDS);
  }

  /** Whether the race has this result; otherwise goes on with the next endpoint if need be. */
  private boolean isOver(Lap<T> lap) {
    if (lap.error() != null) {
      return failed(lap.endpoint(), lap.error());
    }
    if (isIncomplete(lap.result())) {
      empty = empty == null ? lap : empty;
      if (!waiting.isEmpty()) {
        startNext();
      }
      return false;
    }
    if (isEmpty(lap.result()) && !running.isEmpty()) {
      empty = lap;
      return false;
    }
    return true;
  }

  private boolean failed(Endpoint endpoint, RuntimeException error) {
    if (error instanceof RpcException rpc) {
      if (!RpcFailure.of(rpc).kind().mayWorkElsewhere()) {
        throw error;
      }
      failure = failure == null ? error : failure;
    } else {
      Blame blame = judge.apply(error);
      if (blame == Blame.NONE) {
        throw error;
      }
      if (blame != Blame.LATE) {
        endpoint.blame(blame, label, error);
      }
      // What was said and is not true tells more than that others did not answer.
      failure = error;
    }
    if (!waiting.isEmpty()) {
      startNext();
    }
    return false;
  }

  private T result(Lap<T> lap) {
    hedgeWon = lap.endpoint() == hedge;
    return value(lap);
  }

  private T lastResult() {
    if (empty != null) {
      return value(empty);
    }
    if (failure == null) {
      throw new IllegalStateException("the race of " + label + " ended without an outcome");
    }
    throw failure;
  }

  private T value(Lap<T> lap) {
    T result = lap.result();
    if (result == null) {
      throw new IllegalStateException("the work of " + label + " gave null");
    }
    return result;
  }

  /** The run that began first has had its time; another endpoint's turn. */
  private void giveUpOldest() {
    Endpoint slow = running.keySet().iterator().next();
    Run run = running.remove(slow);
    if (run != null) {
      run.future().cancel(true);
    }
    RpcException error = new RpcException.Timeout(slow.endpoint(), label, patience);
    slow.tooSlow(label, error);
    failed(slow, error);
  }

  /** Whether nothing is there; an endpoint that lags behind answers so. */
  private static boolean isEmpty(@Nullable Object result) {
    return switch (result) {
      case Optional<?> optional -> optional.isEmpty();
      case Collection<?> all ->
          all.stream()
              .allMatch(
                  one -> one instanceof RpcReply.Ok<?>(Optional<?> optional) && optional.isEmpty());
      case null, default -> false;
    };
  }

  /** Whether a batch has a failed part that another endpoint may answer. */
  private static boolean isIncomplete(@Nullable Object result) {
    return result instanceof Collection<?> all
        && all.stream()
            .anyMatch(one ->
                one instanceof RpcReply.Failed<?>(RpcException error) && isForAnother(error));
  }

  /** That a tag of blocks is not known is an answer; that a method is not, is no reason to stop. */
  private static boolean isForAnother(RpcException error) {
    RpcErrorKind kind = RpcFailure.of(error).kind();
    return kind == RpcErrorKind.UNSUPPORTED
        ? !error.method().equals(Endpoint.EVERYBODY_HAS_IT)
        : kind.mayWorkElsewhere();
  }
}
