package network.tachi.testkit.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import network.tachi.testkit.Tools;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every block and answer is recomputed by viem, which knows nothing of this code. */
class ViemTest {
  private static final int BLOCKS = 80;

  @ParameterizedTest
  @EnumSource(ChainShape.class)
  void blocksOfEveryShape_shouldBeWhatViemComputes(ChainShape shape)
      throws IOException, InterruptedException {
    GeneratedChain chain =
        GeneratedChain.create(ChainSpec.base(11, Stories.busy(60)).withShape(shape));
    Tip old = chain.extend(chain.genesis(), BLOCKS - 20);
    ReplayNode node = new ReplayNode(chain, old);
    node.reorg(10, 30, Replacement.LATER);
    try (ReplayServer server = ReplayServer.start(node)) {
      assertThat(check(server, 0, BLOCKS))
          .matches(BLOCKS + 1 + " blocks, \\d{3,} transactions, \\d{3,} logs\\R");
    }
  }

  private static String check(ReplayServer server, long from, long to)
      throws IOException, InterruptedException {
    Path script = Tools.repository().resolve("test-kit/src/test/viem/check-blocks.mjs");
    Process node =
        new ProcessBuilder(
                "node",
                script.toString(),
                server.uri().toString(),
                Long.toString(from),
                Long.toString(to))
            .redirectErrorStream(true)
            .start();
    String said = new String(node.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return said;
  }
}
