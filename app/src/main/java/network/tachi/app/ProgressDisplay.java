package network.tachi.app;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import network.tachi.indexer.Progress;

/**
 * Shows how far long pieces of work are: as bars that are drawn over on a terminal, else as a plain
 * line every ten seconds.
 */
final class ProgressDisplay implements AutoCloseable {
  private static final Duration REDRAW = Duration.ofMillis(250);
  private static final Duration SAY_EVERY = Duration.ofSeconds(10);
  private static final int BAR = 24;

  private final Supplier<List<Progress>> work;
  private final Console console;
  private final boolean terminal;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  private ProgressDisplay(Supplier<List<Progress>> work, Console console, boolean terminal) {
    this.work = work;
    this.console = console;
    this.terminal = terminal;
    this.thread =
        Thread.ofVirtual().name("progress").unstarted(() -> run(terminal ? REDRAW : SAY_EVERY));
  }

  /**
   * Shows it from now on.
   *
   * @param work what is under way; an empty list shows nothing
   */
  static ProgressDisplay of(Supplier<List<Progress>> work, Console console) {
    ProgressDisplay display = new ProgressDisplay(work, console, Console.onTerminal());
    display.thread.start();
    return display;
  }

  private void run(Duration pause) {
    try {
      while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        show(work.get(), console, terminal);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  static void show(List<Progress> work, Console console, boolean terminal) {
    if (terminal) {
      console.redraw(work.stream().map(progress -> bar(progress) + line(progress)).toList());
    } else {
      work.forEach(progress -> console.line(line(progress)));
    }
  }

  private static String bar(Progress progress) {
    int full = (int) (progress.share() * BAR);
    return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "] ";
  }

  private static String line(Progress progress) {
    return String.format(
        Locale.ROOT,
        "%s %.1f %%, block %,d of %,d, %s%,.0f blocks/s%s",
        progress.chain(),
        Math.floor(progress.share() * 1_000) / 10,
        progress.done(),
        progress.last(),
        progress.events() == 0 ? "" : "%,.0f events/s, ".formatted(progress.eventsPerSecond()),
        progress.blocksPerSecond(),
        progress.left().map(left -> ", " + duration(left) + " left").orElse(""));
  }

  private static String duration(Duration left) {
    if (left.toHours() > 0) {
      return "%d h %02d min".formatted(left.toHours(), left.toMinutesPart());
    }
    return left.toMinutes() > 0
        ? "%d min %02d s".formatted(left.toMinutes(), left.toSecondsPart())
        : left.toSeconds() + " s";
  }

  /** Shows it no more. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    if (terminal) {
      console.redraw(List.of());
    }
  }
}
