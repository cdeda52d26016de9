package network.tachi.server;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Decides whether a call may start, for both protocols, and knows when all have ended. */
final class Admission {
  private static final Duration RETRY_WHEN_OVERLOADED = Duration.ofSeconds(1);
  private static final Duration RETRY_WHEN_STOPPING = Duration.ofSeconds(5);

  private final ConcurrencyLimit requests;
  private final ConcurrencyLimit streams;
  private final @Nullable RateLimiter rateLimiter;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private volatile boolean stopping;

  Admission(ServerLimits limits, @Nullable RateLimiter rateLimiter) {
    this.requests = new ConcurrencyLimit(limits.maxConcurrentRequests());
    this.streams = new ConcurrencyLimit(limits.maxConcurrentStreams());
    this.rateLimiter = rateLimiter;
  }

  /**
   * A place for one call, to be closed when its work has ended.
   *
   * @throws ApiException with {@code stopping}, {@code rate_limited} or {@code overloaded}
   */
  Place admit(String client, boolean streaming) {
    requireNonNull(client, "client is null");
    refuseIfStopping();
    if (rateLimiter != null) {
      rateLimiter.check(client);
    }
    ConcurrencyLimit limit = streaming ? streams : requests;
    Optional<ConcurrencyLimit.Permit> permit = limit.tryAcquire();
    if (permit.isEmpty()) {
      throw ApiException.of(
          ApiError.of(
                  ErrorCode.OVERLOADED,
                  limit.max() + (streaming ? " streams" : " requests") + " are in work already")
              .withRetryAfter(RETRY_WHEN_OVERLOADED));
    }
    Place place = new Place(permit.get());
    if (stopping) {
      place.close();
      refuseIfStopping();
    }
    return place;
  }

  private void refuseIfStopping() {
    if (stopping) {
      throw ApiException.of(
          ApiError.of(ErrorCode.STOPPING, "the server is stopping")
              .withRetryAfter(RETRY_WHEN_STOPPING));
    }
  }

  /** From now on every new call is refused. */
  void stopAdmitting() {
    stopping = true;
  }

  boolean isStopping() {
    return stopping;
  }

  int requestsInFlight() {
    return requests.inFlight();
  }

  int streamsInFlight() {
    return streams.inFlight();
  }

  /** Waits until no call is in work; false if {@code grace} was too short. */
  boolean awaitIdle(Duration grace) throws InterruptedException {
    long left = grace.toNanos();
    lock.lock();
    try {
      while (requests.inFlight() + streams.inFlight() > 0) {
        if (left <= 0) {
          return false;
        }
        left = ended.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** One admitted call. */
  final class Place implements AutoCloseable {
    private final ConcurrencyLimit.Permit permit;

    private Place(ConcurrencyLimit.Permit permit) {
      this.permit = permit;
    }

    @Override
    public void close() {
      permit.close();
      if (stopping) {
        lock.lock();
        try {
          ended.signalAll();
        } finally {
          lock.unlock();
        }
      }
    }
  }
}
