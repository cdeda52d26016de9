package network.tachi.oracle;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for conditions. */
final class Await {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

  private Await() {}

  /** Waits until the condition holds; the state is asked for the message if it never does. */
  static void until(String what, Supplier<String> state, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(what + " did not happen in " + PATIENCE + ": " + state.get());
      }
      LockSupport.parkNanos(PAUSE);
    }
  }
}
