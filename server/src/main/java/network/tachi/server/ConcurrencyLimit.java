package network.tachi.server;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Caps how many calls are in work at once; never queues. */
final class ConcurrencyLimit {
  private final int max;
  private final AtomicInteger inFlight = new AtomicInteger();

  ConcurrencyLimit(int max) {
    this.max = max;
  }

  /** A place, to be given back by {@link Permit#close()}, or empty when all are taken. */
  Optional<Permit> tryAcquire() {
    while (true) {
      int now = inFlight.get();
      if (now >= max) {
        return Optional.empty();
      }
      if (inFlight.compareAndSet(now, now + 1)) {
        return Optional.of(new Permit());
      }
    }
  }

  int inFlight() {
    return inFlight.get();
  }

  int max() {
    return max;
  }

  /** A place among the calls in work; giving it back twice counts once. */
  final class Permit implements AutoCloseable {
    private final AtomicBoolean open = new AtomicBoolean(true);

    @Override
    public void close() {
      if (open.compareAndSet(true, false)) {
        inFlight.decrementAndGet();
      }
    }
  }
}
