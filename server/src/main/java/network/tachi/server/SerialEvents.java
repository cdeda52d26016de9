package network.tachi.server;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/** Runs a call's events one at a time and in order; each drain runs on {@code executor}. */
final class SerialEvents {
  private static final System.Logger LOG = System.getLogger(SerialEvents.class.getName());

  private final Executor executor;
  private final ReentrantLock lock = new ReentrantLock();
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean draining;

  SerialEvents(Executor executor) {
    this.executor = executor;
  }

  void submit(Runnable event) {
    lock.lock();
    try {
      waiting.add(event);
      if (draining) {
        return;
      }
      draining = true;
    } finally {
      lock.unlock();
    }
    executor.execute(this::drain);
  }

  private void drain() {
    Runnable event = next();
    while (event != null) {
      try {
        event.run();
      } catch (Throwable t) {
        LOG.log(System.Logger.Level.ERROR, "An event handler failed", t);
      }
      event = next();
    }
  }

  private @org.jspecify.annotations.Nullable Runnable next() {
    lock.lock();
    try {
      Runnable event = waiting.poll();
      if (event == null) {
        draining = false;
      }
      return event;
    } finally {
      lock.unlock();
    }
  }
}
