package network.tachi.app;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;

/**
 * What a command says to the person in front of it. The only place that writes to standard output.
 */
public final class Console {
  private static final String UP = "\033[%dF";
  private static final String ERASE_BELOW = "\033[J";

  private final PrintWriter out;
  private final long started = System.nanoTime();
  private int redrawn;

  /** A console that writes there. */
  public Console(PrintWriter out) {
    this.out = out;
  }

  /** Whether somebody at a terminal reads it, so that lines may be written over. */
  static boolean onTerminal() {
    return Optional.ofNullable(System.console()).map(java.io.Console::isTerminal).orElse(false);
  }

  /** Writes lines over those of the last such call; for terminals. */
  synchronized void redraw(List<String> lines) {
    if (redrawn > 0) {
      out.printf(UP + ERASE_BELOW, redrawn);
    }
    lines.forEach(out::println);
    out.flush();
    redrawn = lines.size();
  }

  /** A line. */
  public synchronized void line(String text) {
    redraw(List.of());
    out.println(text);
    out.flush();
  }

  /** An empty line. */
  public void line() {
    line("");
  }

  /** A step of a set-up, with the time since the command began. */
  public void step(String text) {
    line(
        String.format(
            java.util.Locale.ROOT, "  %5.1f s  %s", (System.nanoTime() - started) / 1e9, text));
  }
}
