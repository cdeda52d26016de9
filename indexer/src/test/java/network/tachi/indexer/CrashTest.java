package network.tachi.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import network.tachi.testkit.AnvilOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process that dies between the steps of a commit; the next one must neither lose nor repeat
 * anything.
 */
class CrashTest {
  private final Scenario scenario = new Scenario(AnvilOptions.BASE);
  private final EmitterChain chain = scenario.chain();

  /** The death of the process: no handler may survive it. */
  private static final class Death extends Error {
    private static final long serialVersionUID = 1;

    Death(CommitStage stage) {
      super("died at " + stage);
    }
  }

  @AfterEach
  void close() {
    scenario.close();
  }

  @ParameterizedTest
  @EnumSource(CommitStage.class)
  void deathAtAnyStage_shouldLoseAndRepeatNothing(CommitStage stage) {
    chain.mineBlocksOfPayments(10);
    scenario.index();
    chain.reorgWithPayments(4, 1);
    chain.mineBlocksOfPayments(2);
    Map<String, String> before = scenario.rows();

    scenario.restart(scenario.rpc(), dieAt(stage));
    assertThatThrownBy(() -> scenario.indexer().turn()).isInstanceOf(Death.class);

    if (stage == CommitStage.COMMITTED) {
      assertThat(scenario.rows()).isNotEqualTo(before);
    } else {
      assertThat(scenario.rows()).isEqualTo(before);
    }
    scenario.restart();
    scenario.index();
    scenario.assertEqualsChain();
    assertThat(scenario.feed().stream().filter(row -> row.getKind().equals("fork"))).hasSize(1);
  }

  @Test
  void deathsAtRandomMoments_shouldLoseAndRepeatNothing() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<CommitStage> stages = List.of(CommitStage.values());
    int deaths = 0;
    chain.mineBlocksOfPayments(13);
    for (int round = 0; round < 40; round++) {
      switch (random.nextInt(4)) {
        case 0 -> chain.reorgWithPayments(1 + random.nextInt(12), random.nextInt(3));
        case 1 -> chain.anvil().mine(1 + random.nextInt(3));
        default -> chain.mineBlocksOfPayments(1 + random.nextInt(6));
      }
      CommitStage stage = stages.get(random.nextInt(stages.size()));
      scenario.restart(scenario.rpc(), dieAt(stage));
      try {
        scenario.index();
      } catch (Death _) {
        deaths++;
      }
    }
    scenario.restart();
    scenario.index();

    assertThat(deaths).as("seed %d", seed).isPositive();
    assertThat(scenario.assertEqualsChain().differences()).as("seed %d", seed).isEmpty();
    scenario.feed();
  }

  @Test
  void restartWithoutNews_shouldWriteNothing() {
    chain.mineBlocksOfPayments(10);
    scenario.index();
    Map<String, String> before = scenario.rows();

    scenario.restart();
    scenario.index();
    scenario.index();

    assertThat(scenario.rows()).isEqualTo(before);
  }

  private static CommitStage.Probe dieAt(CommitStage stage) {
    return reached -> {
      if (reached == stage) {
        throw new Death(stage);
      }
    };
  }
}
