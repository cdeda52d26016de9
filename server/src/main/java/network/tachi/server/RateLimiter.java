package network.tachi.server;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A token bucket per client, for both protocols. Holds a bounded number of clients: the one unseen
 * longest is forgotten first, and so starts again with a full bucket.
 *
 * <p>Each bucket is one number, the time at which it is full again (GCRA, ITU-T I.371), so a check
 * is one compare-and-set.
 */
public final class RateLimiter {
  private final long nanosPerToken;
  private final long burstNanos;
  private final LongSupplier nanoTime;
  private final Cache<String, AtomicLong> fullAgainAt;

  private RateLimiter(double perSecond, int burst, long maxClients, LongSupplier nanoTime) {
    if (!(perSecond > 0) || burst < 1 || maxClients < 1) {
      throw new IllegalArgumentException(
          "expected perSecond, burst and maxClients above zero, found "
              + perSecond
              + ", "
              + burst
              + ", "
              + maxClients);
    }
    this.nanosPerToken = Math.max(1, (long) (1e9 / perSecond));
    this.burstNanos = Math.multiplyExact(nanosPerToken, burst);
    this.nanoTime = requireNonNull(nanoTime, "nanoTime is null");
    this.fullAgainAt = Caffeine.newBuilder().maximumSize(maxClients).build();
  }

  /**
   * A limiter on the system's clock.
   *
   * @param perSecond tokens that flow in each second
   * @param burst tokens a full bucket holds
   * @param maxClients clients remembered
   */
  public static RateLimiter perClient(double perSecond, int burst, long maxClients) {
    return new RateLimiter(perSecond, burst, maxClients, System::nanoTime);
  }

  /** The same on another clock, in nanoseconds from any origin. */
  static RateLimiter perClient(
      double perSecond, int burst, long maxClients, LongSupplier nanoTime) {
    return new RateLimiter(perSecond, burst, maxClients, nanoTime);
  }

  /**
   * Takes {@code tokens} from the client's bucket.
   *
   * @return empty if taken, else the time after which they will be there
   */
  public Optional<Duration> tryTake(String client, int tokens) {
    long now = nanoTime.getAsLong();
    AtomicLong bucket = fullAgainAt.get(client, _ -> new AtomicLong(now));
    long cost = Math.multiplyExact(nanosPerToken, tokens);
    while (true) {
      long current = bucket.get();
      long base = current - now > 0 ? current : now;
      long missing = base - now + cost - burstNanos;
      if (missing > 0) {
        return Optional.of(Duration.ofNanos(missing));
      }
      if (bucket.compareAndSet(current, base + cost)) {
        return Optional.empty();
      }
    }
  }

  /**
   * Takes one token or fails the call.
   *
   * @throws ApiException with {@code rate_limited} and a time to retry after
   */
  public void check(String client) {
    tryTake(client, 1)
        .ifPresent(delay -> {
          throw ApiException.of(
              ApiError.of(
                      ErrorCode.RATE_LIMITED,
                      "this client sends too many requests; retry in "
                          + Math.max(1, delay.toMillis())
                          + " ms")
                  .withRetryAfter(delay));
        });
  }
}
