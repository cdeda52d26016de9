package network.tachi.app;

import java.util.concurrent.CountDownLatch;

/**
 * Ctrl-C and SIGTERM, turned into an interrupt of the command's own thread, so that it stops what
 * it started in order before the process ends.
 */
final class StopSignal implements AutoCloseable {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread worker = Thread.currentThread();

  private StopSignal() {}

  /** Listens from now on, for the current thread. */
  static StopSignal listen() {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(new Thread(signal::stop, "stop-signal"));
    return signal;
  }

  private void stop() {
    asked.countDown();
    worker.interrupt();
    try {
      finished.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until somebody asks to stop. */
  void await() {
    try {
      asked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * True once somebody has asked to stop. Clears the interrupt, so that closing can wait where it
   * must.
   */
  boolean isAsked() {
    boolean interrupted = Thread.interrupted();
    return interrupted || asked.getCount() == 0;
  }

  /** Lets the process end. */
  @Override
  public void close() {
    finished.countDown();
  }
}
