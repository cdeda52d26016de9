package network.tachi.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import network.tachi.indexer.Progress;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
  private static final Progress HALF =
      new Progress("base", 1_001, 2_000, 3_000, 50_000, Duration.ofSeconds(10));

  private final StringWriter said = new StringWriter();
  private final Console console = new Console(new PrintWriter(said, true));

  @Test
  void elsewhere_shouldSayPlainLines() {
    ProgressDisplay.show(List.of(HALF), console, false);

    assertThat(said.toString().lines())
        .containsExactly(
            "base 50.0 %, block 2,000 of 3,000, 5,000 events/s, 100 blocks/s, 10 s left");
  }

  @Test
  void onTerminal_shouldDrawBarsOver() {
    ProgressDisplay.show(List.of(HALF, HALF), console, true);
    ProgressDisplay.show(List.of(HALF), console, true);
    console.line("done");

    assertThat(said.toString().lines().toList())
        .satisfiesExactly(
            first -> assertThat(first).startsWith("[############............] base 50.0 %"),
            second -> assertThat(second).startsWith("[####"),
            over -> assertThat(over).startsWith("\033[2F\033[J[####"),
            line -> assertThat(line).isEqualTo("\033[1F\033[Jdone"));
  }

  @Test
  void nothingDoneYet_shouldSayNoTimeLeft() {
    ProgressDisplay.show(
        List.of(new Progress("base", 1, 0, 3_000, 0, Duration.ZERO)), console, false);

    assertThat(said.toString()).contains("base 0.0 %").doesNotContain("left");
  }

  @Test
  void longWay_shouldSayHours() {
    ProgressDisplay.show(
        List.of(new Progress("base", 1, 1, 7_321, 0, Duration.ofSeconds(1))), console, false);

    assertThat(said.toString()).contains("2 h 02 min left");
  }
}
