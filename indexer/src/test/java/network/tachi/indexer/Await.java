package network.tachi.indexer;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what another thread or process brings about. */
final class Await {
  private static final Duration STEP = Duration.ofMillis(5);

  private Await() {}

  /** Looks again and again until the condition holds. */
  static void until(Duration limit, BooleanSupplier condition) {
    until(() -> "the condition", limit, condition);
  }

  /**
   * The same.
   *
   * @param what is awaited; asked for when it did not come
   */
  static void until(Supplier<String> what, Duration limit, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(what.get() + ": not within " + limit);
      }
      LockSupport.parkNanos(STEP.toNanos());
    }
  }
}
