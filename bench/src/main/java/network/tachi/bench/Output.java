package network.tachi.bench;

import java.io.PrintWriter;

/** What a benchmark says to the person in front of it. */
final class Output {
  private final PrintWriter out;

  Output(PrintWriter out) {
    this.out = out;
  }

  void line(String text) {
    out.println(text);
    out.flush();
  }
}
