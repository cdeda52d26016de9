package network.tachi.indexer;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses after failures in a row: doubling up to a limit, each drawn from the upper half so that
 * callers spread out.
 */
final class Backoff {
  private static final int MAX_DOUBLINGS = 20;

  private final Duration first;
  private final Duration limit;
  private final RandomGenerator random;
  private int failures;

  Backoff(Duration first, Duration limit, RandomGenerator random) {
    this.first = first;
    this.limit = limit;
    this.random = random;
  }

  /** Forgets the failures. */
  void reset() {
    failures = 0;
  }

  /** The pause after one more failure. */
  Duration next() {
    long full = Math.min(limit.toMillis(), first.toMillis() << Math.min(failures, MAX_DOUBLINGS));
    failures++;
    return Duration.ofMillis(full - random.nextLong(full / 2 + 1));
  }
}
