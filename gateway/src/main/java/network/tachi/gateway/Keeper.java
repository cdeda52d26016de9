package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Works in the background on what no request waits for: what a crash or a client that went away
 * left open.
 */
final class Keeper implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Keeper.class.getName());

  private final Duration pause;
  private final Bell bell = new Bell();
  private final Thread thread;
  private volatile boolean running = true;
  private volatile String trouble = "";

  /**
   * Creates a keeper; {@link #start} makes it work.
   *
   * @param work one pass; must be safe to break off anywhere
   * @param pause between two passes, at most
   */
  Keeper(String name, Runnable work, Duration pause) {
    this.pause = requireNonNull(pause, "pause is null");
    this.thread = Thread.ofVirtual().name("gateway-" + name).unstarted(() -> run(work));
  }

  void start() {
    thread.start();
  }

  /** Why the last pass broke off; empty if it did not. */
  String trouble() {
    return trouble;
  }

  private void run(Runnable work) {
    while (running) {
      @Nullable RuntimeException failure = null;
      try {
        work.run();
      } catch (RuntimeException e) {
        failure = e;
      }
      report(failure);
      if (!bell.await(pause)) {
        return;
      }
    }
  }

  private void report(@Nullable RuntimeException failure) {
    String now = failure == null ? "" : String.valueOf(failure.getMessage());
    if (running && failure != null && !now.equals(trouble)) {
      LOG.log(Level.WARNING, thread.getName() + " will try again", failure);
    }
    trouble = now;
  }

  @Override
  public void close() {
    running = false;
    bell.ring();
    try {
      if (!thread.join(Duration.ofSeconds(5))) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
