package network.tachi.testkit.chain;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Mines blocks at a steady pace. */
public final class Pace implements AutoCloseable {
  private final Thread thread;
  private volatile boolean stopped;

  private Pace(ReplayNode node, Duration interval, int blocks) {
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("replay-pace")
            .unstarted(() -> run(node, interval.toNanos(), blocks));
  }

  /**
   * Begins to mine so many blocks on a node's head, one each time the interval has passed.
   *
   * @param interval the time between two blocks; a late block does not delay those after it
   */
  public static Pace start(ReplayNode node, Duration interval, int blocks) {
    Pace pace = new Pace(node, interval, blocks);
    pace.thread.start();
    return pace;
  }

  private void run(ReplayNode node, long interval, int blocks) {
    long due = System.nanoTime();
    for (int i = 0; i < blocks && !stopped; i++) {
      due += interval;
      long left;
      while ((left = due - System.nanoTime()) > 0 && !stopped) {
        LockSupport.parkNanos(left);
      }
      node.mine(1);
    }
  }

  /** Waits until all blocks are mined. */
  public void join() throws InterruptedException {
    thread.join();
  }

  /** Mines no more. */
  @Override
  public void close() {
    stopped = true;
    LockSupport.unpark(thread);
  }
}
