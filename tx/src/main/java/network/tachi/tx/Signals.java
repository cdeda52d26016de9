package network.tachi.tx;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Wakes the threads of this process that wait for something to happen in an outbox. No signal is
 * lost: one that comes while its receiver is busy is there when the receiver begins to wait. A
 * request's change wakes only who waits for that very request. Safe for use by many threads.
 */
final class Signals {
  private final Set<Semaphore> senders = ConcurrentHashMap.newKeySet();
  private final ConcurrentMap<TxName, Set<Semaphore>> waiters = new ConcurrentHashMap<>();

  /** A signal for a sender, given at each {@link #requested}, until it has left. */
  Semaphore sender() {
    Semaphore signal = new Semaphore(0);
    senders.add(signal);
    return signal;
  }

  void senderLeft(Semaphore signal) {
    senders.remove(signal);
  }

  /** There is something to send. */
  void requested() {
    senders.forEach(Semaphore::release);
  }

  /** A signal for somebody who waits for a request, given at each change, until he has left. */
  Semaphore waiter(TxName name) {
    Semaphore signal = new Semaphore(0);
    waiters.compute(
        name,
        (_, others) -> {
          Set<Semaphore> all = others == null ? ConcurrentHashMap.newKeySet() : others;
          all.add(signal);
          return all;
        });
    return signal;
  }

  void waiterLeft(TxName name, Semaphore signal) {
    waiters.computeIfPresent(
        name,
        (_, all) -> {
          all.remove(signal);
          return all.isEmpty() ? null : all;
        });
  }

  /** A request is not as it was. */
  void changed(TxName name) {
    waiters.getOrDefault(name, Set.of()).forEach(Semaphore::release);
  }

  /** Waits for a signal or for the time to pass; false if the thread was interrupted. */
  static boolean await(Semaphore signal, long nanos) {
    try {
      if (signal.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
        signal.drainPermits();
      }
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
