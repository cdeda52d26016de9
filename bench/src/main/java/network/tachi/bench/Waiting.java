package network.tachi.bench;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions. */
final class Waiting {
  private static final long EVERY_NANOS = 50_000_000;

  private Waiting() {}

  /**
   * Looks 20 times a second.
   *
   * @throws BenchException if the condition does not come true in time
   */
  static void until(String what, Duration limit, BooleanSupplier condition) {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new BenchException(what + ": not within " + limit.toSeconds() + " s");
      }
      LockSupport.parkNanos(EVERY_NANOS);
    }
  }
}
