package network.tachi.gateway;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Wakes requests that wait for what another one does, in this process at once, in others by looking
 * again.
 */
final class Bell {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition rung = lock.newCondition();
  private long rings;

  /** Something changed. */
  void ring() {
    lock.lock();
    try {
      rings++;
      rung.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a change, at most a moment; false if the thread was interrupted. */
  boolean await() {
    return await(LOOK_AGAIN);
  }

  /** Waits for a change, at most so long; false if the thread was interrupted. */
  boolean await(Duration longest) {
    lock.lock();
    try {
      long heard = rings;
      long left = longest.toNanos();
      while (rings == heard && left > 0) {
        left = rung.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }
}
