package network.tachi.evm.rpc.pool;

import java.time.Duration;
import java.util.Optional;

/**
 * How often an endpoint may be asked. There is no limit until the endpoint speaks of one; then the
 * rate starts below what was just asked, shrinks with each refusal and grows slowly while it is
 * used up. Each refusal also pauses: as long as the endpoint asks for, else longer each time. Times
 * are in nanoseconds of one monotonic clock. Safe for use by many threads.
 */
final class RateBucket {
  private static final double NANOS = 1e9;
  private static final double FIRST_CUT = 0.8;
  private static final double CUT = 0.95;
  private static final double GROWTH = 1.05;
  private static final double USED_UP = 0.9;
  private static final double LEAST = 1;
  private static final double BURST_SECONDS = 0.25;
  private static final long WINDOW = Duration.ofSeconds(1).toNanos();
  private static final long CUT_PAUSE = Duration.ofMillis(100).toNanos();
  private static final long FIRST_HOLD = Duration.ofSeconds(2).toNanos();
  private static final long MAX_HOLD = Duration.ofSeconds(60).toNanos();
  private static final long FIRST_PAUSE = Duration.ofMillis(100).toNanos();
  private static final long MAX_PAUSE = Duration.ofSeconds(5).toNanos();
  private static final long MAX_RETRY_AFTER = Duration.ofSeconds(60).toNanos();

  private double perSecond = Double.POSITIVE_INFINITY;
  private double tokens;
  private long refilled;
  private long blockedUntil;
  private long lastCut;
  private long growAfter;
  private long hold = FIRST_HOLD;
  private long pause = FIRST_PAUSE;
  private long windowStart;
  private long inWindow;
  private long inLastWindow;

  RateBucket(long now) {
    refilled = now;
    windowStart = now;
    blockedUntil = now;
    lastCut = now - CUT_PAUSE;
    growAfter = now;
  }

  /** The calls a second allowed at this time; infinite as long as no limit is known. */
  synchronized double perSecond() {
    return perSecond;
  }

  /** How long until the next request may be sent; 0 if it may now. */
  synchronized long nanosUntilFree(long now) {
    refill(now);
    long blocked = Math.max(0, blockedUntil - now);
    if (Double.isInfinite(perSecond) || tokens > 0) {
      return blocked;
    }
    return Math.max(blocked, (long) (-tokens / perSecond * NANOS) + 1);
  }

  /** Counts a request of so many calls, if it may be sent now. */
  synchronized boolean tryTake(int calls, long now) {
    if (nanosUntilFree(now) > 0) {
      return false;
    }
    count(calls, now);
    // A batch may cost more than is there; the debt delays the requests after it.
    tokens -= calls;
    return true;
  }

  /** The endpoint refused a request because there were too many. */
  synchronized void limited(Optional<Duration> retryAfter, long now) {
    long asked =
        retryAfter
            .map(Duration::toNanos)
            .map(nanos -> Math.min(nanos, MAX_RETRY_AFTER))
            .orElse(pause);
    pause = Math.min(MAX_PAUSE, pause * 3 / 2);
    blockedUntil = Math.max(blockedUntil, now + asked);
    if (now - lastCut < CUT_PAUSE) {
      return;
    }
    lastCut = now;
    count(0, now);
    double used = Math.max(inWindow, inLastWindow);
    perSecond = Math.max(LEAST, Double.isInfinite(perSecond) ? used * FIRST_CUT : perSecond * CUT);
    tokens = Math.min(tokens, 0);
    refilled = now;
    growAfter = now + hold;
    hold = Math.min(MAX_HOLD, hold * 2);
  }

  /** The endpoint answered. */
  synchronized void answered(long now) {
    pause = FIRST_PAUSE;
    if (Double.isInfinite(perSecond) || now < growAfter) {
      return;
    }
    count(0, now);
    if (inLastWindow >= USED_UP * perSecond) {
      perSecond *= GROWTH;
      growAfter = now + WINDOW;
      hold = Math.max(FIRST_HOLD, hold / 2);
    }
  }

  private void refill(long now) {
    if (Double.isInfinite(perSecond)) {
      tokens = 1;
    } else {
      double more = (now - refilled) / NANOS * perSecond;
      tokens = Math.min(tokens + more, Math.max(1, perSecond * BURST_SECONDS));
    }
    refilled = now;
  }

  private void count(int calls, long now) {
    if (now - windowStart >= WINDOW) {
      inLastWindow = now - windowStart >= 2 * WINDOW ? 0 : inWindow;
      inWindow = 0;
      windowStart = now;
    }
    inWindow += calls;
  }
}
