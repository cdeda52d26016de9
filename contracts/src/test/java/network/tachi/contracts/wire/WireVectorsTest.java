package network.tachi.contracts.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class WireVectorsTest {
  @Test
  void vectors_shouldBeWhatTheirGeneratorWrites() throws IOException, InterruptedException {
    Path generator = Path.of(System.getProperty("tachi.home"), "docs/spec/vectors/generate.mjs");
    Process node =
        new ProcessBuilder("node", generator.toString(), "--check")
            .redirectErrorStream(true)
            .start();
    String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(node.waitFor()).as(said).isZero();
  }
}
