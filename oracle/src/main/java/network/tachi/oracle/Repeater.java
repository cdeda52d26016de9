package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs a task again and again on a thread of its own, with a pause between the end of one run and
 * the next.
 */
final class Repeater {
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);

  private final Thread thread;
  private final Duration pause;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final AtomicBoolean started = new AtomicBoolean();

  /**
   * A task that does not run yet.
   *
   * @param task throws nothing
   */
  Repeater(String name, Duration pause, Runnable task) {
    requireNonNull(task, "task is null");
    this.pause = requireNonNull(pause, "pause is null");
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> run(task));
  }

  private void run(Runnable task) {
    try {
      do {
        task.run();
      } while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void start() {
    if (started.compareAndSet(false, true)) {
      thread.start();
    }
  }

  /** No further run begins. */
  void stop() {
    stop.countDown();
  }

  /** No further run begins, and the one under way is waited for. */
  void stopAndWait() {
    stop();
    if (started.get() && Thread.currentThread() != thread) {
      try {
        if (!thread.join(STOP_PATIENCE)) {
          thread.interrupt();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
