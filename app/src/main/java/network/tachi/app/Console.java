package network.tachi.app;

import java.io.PrintWriter;

/**
 * What a command says to the person in front of it. The only place that writes to standard output.
 */
public final class Console {
  private final PrintWriter out;
  private final long started = System.nanoTime();

  /** A console that writes there. */
  public Console(PrintWriter out) {
    this.out = out;
  }

  /** A line. */
  public void line(String text) {
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
