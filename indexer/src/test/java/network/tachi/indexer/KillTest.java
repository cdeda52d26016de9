package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.CHECKPOINT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import network.tachi.store.jooq.chain.tables.records.CheckpointRecord;
import network.tachi.testkit.AnvilOptions;
import org.junit.jupiter.api.Test;

/** {@code kill -9} of an indexing process at moments that nobody chose. */
class KillTest {
  private static final int KILLS = 4;
  private static final Duration LONGEST_LIFE = Duration.ofMillis(700);

  @Test
  void killedProcesses_shouldLoseAndRepeatNothing() throws IOException, InterruptedException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    try (Scenario scenario = new Scenario(AnvilOptions.BASE)) {
      EmitterChain chain = scenario.chain();
      chain.mineBlocksOfPayments(100);
      for (int kill = 0; kill < KILLS; kill++) {
        Process process = IndexerProcess.start(chain, scenario.server().settings());
        long before = feedSequence(scenario);
        Await.until(Duration.ofSeconds(30), () -> feedSequence(scenario) > before);
        long death = System.nanoTime() + random.nextLong(LONGEST_LIFE.toNanos());
        while (System.nanoTime() < death) {
          chain.mineBlocksOfPayments(1 + random.nextInt(4));
          chain.reorgWithPayments(1 + random.nextInt(12), random.nextInt(3));
        }
        process.destroyForcibly();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        chain.mineBlocksOfPayments(30);
      }
      Await.until(
          Duration.ofSeconds(30),
          () -> {
            scenario.indexer().turn();
            return scenario.indexer().status().indexed() == chain.head();
          });

      assertThat(scenario.assertEqualsChain().differences()).as("seed %d", seed).isEmpty();
      scenario.feed();
    }
  }

  private static long feedSequence(Scenario scenario) {
    return scenario
        .database()
        .dsl()
        .fetchOptional(CHECKPOINT)
        .map(CheckpointRecord::getFeedSeq)
        .orElse(0L);
  }
}
