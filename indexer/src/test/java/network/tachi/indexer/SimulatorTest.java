package network.tachi.indexer;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.testkit.TestDatabase;
import org.junit.jupiter.api.Test;

/**
 * Schedules of false and failing answers, forks, deaths, broken connections and changes of the
 * writer, each from one seed: whatever happens, the store ends as one that is filled afresh.
 *
 * <p>{@code -Dtachi.schedules=10000} is the full run, {@code -Dtachi.seed=N} runs one. Seeds that
 * failed once are kept in {@code simulator-seeds.txt}.
 */
class SimulatorTest {
  private static final int SCHEDULES = Integer.getInteger("tachi.schedules", 60);
  private static final System.Logger LOG = System.getLogger(SimulatorTest.class.getName());

  @Test
  void anySchedule_shouldEndAsAFreshBackfill() throws Exception {
    Map<RpcFault, Integer> used = new EnumMap<>(RpcFault.class);
    long refused = 0;
    long forks = 0;
    try (TestDatabase server = TestDatabase.create();
        TestDatabase fresh = TestDatabase.create()) {
      Database breaker = server.another(DatabaseRole.INDEXER);
      int chain = 1_000;
      for (long seed : seeds()) {
        Simulation simulation = new Simulation(seed, chain++, server, breaker, fresh);
        try {
          simulation.run();
        } catch (RuntimeException | AssertionError e) {
          throw new AssertionError("seed " + seed + ": " + simulation.log(), e);
        }
        simulation.used().forEach((fault, count) -> used.merge(fault, count, Integer::sum));
        refused += simulation.refused();
        forks += simulation.forks();
      }
    }
    LOG.log(
        System.Logger.Level.INFO,
        "faults {0}, {1} answers refused, {2} forks",
        used,
        refused,
        forks);
    if (Long.getLong("tachi.seed") == null) {
      assertThat(used.keySet()).as("kinds of faults").hasSizeGreaterThanOrEqualTo(30);
      assertThat(refused).isPositive();
      assertThat(forks).isPositive();
    }
  }

  private static List<Long> seeds() throws IOException {
    Long one = Long.getLong("tachi.seed");
    if (one != null) {
      return List.of(one);
    }
    List<Long> seeds = new ArrayList<>();
    try (InputStream kept = SimulatorTest.class.getResourceAsStream("/simulator-seeds.txt")) {
      new String(requireNonNull(kept).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .forEach(line -> seeds.add(Long.parseLong(line.strip())));
    }
    long first = new Random().nextLong(1L << 40);
    LOG.log(System.Logger.Level.INFO, "seeds {0} and {1} more", Long.toString(first), SCHEDULES);
    for (int i = 0; i < SCHEDULES; i++) {
      seeds.add(first + i);
    }
    return seeds;
  }
}
