package network.tachi.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The smallest run of the whole benchmark, with its processes. */
class BackfillBenchTest {
  @Test
  void smallRun_shouldStoreAllPaymentsAndSayHowFast() {
    StringWriter out = new StringWriter();
    int code =
        new CommandLine(new BackfillBench())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(out))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute("--events", "500", "--only", "ours,copy");
    assertThat(out.toString())
        .contains("| Tachi | 500 |", "| binary COPY, indexes after | 500 |", "Tachi's rate is")
        .doesNotContain("expected 500");
    assertThat(code).isZero();
  }
}
