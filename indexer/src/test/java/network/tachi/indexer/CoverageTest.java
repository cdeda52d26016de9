package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.COVERAGE;
import static network.tachi.store.jooq.chain.Tables.COVERAGE_SEGMENT;
import static network.tachi.store.jooq.projection.Tables.HISTORY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import network.tachi.contracts.event.ContractKind;
import network.tachi.evm.Bytes;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.store.jooq.chain.tables.records.CheckpointRecord;
import network.tachi.testkit.AnvilOptions;
import org.jooq.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The chain's finalized block follows two blocks behind its head. */
class CoverageTest {
  private static final Bytes NO_LOGS = Bytes.wrap(new byte[256]);

  private final Scenario scenario = new Scenario(AnvilOptions.ETHEREUM);
  private final EmitterChain chain = scenario.chain();

  @AfterEach
  void close() {
    scenario.close();
  }

  /** What {@code coverage_of} says of a range. */
  private record Shown(
      long bloom, long receipts, long logs, long unverified, long unknown, long events, long gaps) {
    long blocks() {
      return bloom + receipts + logs + unverified + unknown;
    }
  }

  @Test
  void everyBlock_shouldBeCounted_whereverTheRangeBegins() {
    for (int i = 0; i < 12; i++) {
      chain.minePayments(1);
      chain.anvil().mine(i % 4);
      if (i % 3 == 0) {
        scenario.index();
      }
    }
    scenario.index();
    scenario.restart();
    scenario.index();

    CheckpointRecord checkpoint = scenario.checkpoint();
    assertThat(checkpoint.getFinalizedNumber()).isGreaterThan(10);
    Map<Long, String> kinds = kindsOnTheChain();
    for (long from = 1; from <= chain.head(); from++) {
      for (long to = from; to <= chain.head(); to++) {
        assertThat(coverage(from, to))
            .as("%d to %d", from, to)
            .isEqualTo(expected(kinds, from, to));
      }
    }
    assertThat(scenario.database().dsl().fetchSingle(COVERAGE).getLastBlock())
        .isEqualTo(checkpoint.getFinalizedNumber() - 1);
    assertThat(gauge("coverage.gaps")).isZero();
    assertThat(gauge("digest.block")).isEqualTo(lastPayment(kinds));
  }

  private Map<Long, String> kindsOnTheChain() {
    Map<Long, String> kinds = new TreeMap<>();
    for (long block = 1; block <= chain.head(); block++) {
      boolean bloom =
          chain.anvil().rpc().blockByNumber(block).orElseThrow().logsBloom().equals(NO_LOGS);
      kinds.put(block, bloom ? "bloom" : "receipts");
    }
    return kinds;
  }

  private static Shown expected(Map<Long, String> kinds, long from, long to) {
    long bloom = 0;
    for (long block = from; block <= to; block++) {
      bloom += "bloom".equals(kinds.get(block)) ? 1 : 0;
    }
    long receipts = to - from + 1 - bloom;
    return new Shown(bloom, receipts, 0, 0, 0, receipts, 0);
  }

  private static double lastPayment(Map<Long, String> kinds) {
    return kinds.entrySet().stream()
        .filter(block -> block.getValue().equals("receipts"))
        .mapToLong(Map.Entry::getKey)
        .max()
        .orElseThrow();
  }

  @Test
  void blocksNobodyLookedAt_shouldBeNamed() {
    chain.mineBlocksOfPayments(8);
    scenario.index();
    long head = chain.head();

    Record row =
        scenario
            .database()
            .dsl()
            .fetchSingle(
                "SELECT gaps, gap_ranges::text FROM chain.coverage_of(?, 0, ?)",
                chain.indexed().id().value(),
                head + 3);
    assertThat(row.get(0)).isEqualTo(4L);
    assertThat(row.get(1)).isEqualTo("{[0,1),[%d,%d)}".formatted(head + 1, head + 4));
    assertThat(coverage(9, 3)).isEqualTo(new Shown(0, 0, 0, 0, 0, 0, 0));

    scenario
        .database()
        .dsl()
        .deleteFrom(COVERAGE_SEGMENT)
        .where(COVERAGE_SEGMENT.FIRST_BLOCK.eq(1L))
        .execute();
    scenario.restart();
    scenario.index();
    assertThat(gauge("coverage.gaps"))
        .isEqualTo((double) (scenario.checkpoint().getFinalizedNumber() - 1));
  }

  @Test
  void databaseOfAnOlderVersion_shouldSayWhatItDoesNotKnow() {
    chain.mineBlocksOfPayments(3);
    chain.anvil().mine(20);
    scenario.index();
    scenario.database().dsl().deleteFrom(COVERAGE_SEGMENT).execute();
    scenario.database().dsl().deleteFrom(HISTORY).execute();
    long old = scenario.checkpoint().getFinalizedNumber();

    scenario.restart();
    chain.anvil().mine(10);
    scenario.index();

    assertThat(coverage(1, chain.head()).gaps()).isZero();
    assertThat(coverage(1, old - 1)).isEqualTo(new Shown(0, 3, 0, 0, old - 1 - 3, 3, 0));
    assertThat(coverage(old, chain.head()).unknown()).isZero();
  }

  @Test
  void reorgsAndDeaths_shouldLeaveNoGapAndCountNothingTwice() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<CommitStage> stages = List.of(CommitStage.values());
    for (int round = 0; round < 30; round++) {
      switch (random.nextInt(4)) {
        case 0 -> chain.anvil().mine(1 + random.nextInt(3));
        case 1 -> chain.emit(ContractKind.CRAWL_LICENSE, chain.payments(1));
        case 2 -> chain.reorgWithPayments(1, random.nextInt(2));
        default -> chain.mineBlocksOfPayments(1 + random.nextInt(3));
      }
      CommitStage stage = stages.get(random.nextInt(stages.size()));
      scenario.restart(
          scenario.rpc(),
          reached -> {
            if (reached == stage) {
              throw new IllegalStateException("broken off at " + stage);
            }
          });
      scenario.indexer().turn();
    }
    scenario.restart();
    scenario.index();

    Shown shown = coverage(1, chain.head());
    assertThat(shown.gaps()).as("seed %d", seed).isZero();
    assertThat(shown.blocks()).as("seed %d", seed).isEqualTo(chain.head());
  }

  @Test
  void segments_shouldEndWhereTheTableSaysAndMerge() {
    Database database = scenario.database();
    CoverageSegment segment = new CoverageSegment(4_090);
    for (int i = 0; i < 6; i++) {
      assertThat(segment.takes(4_090 + i)).isTrue();
      segment.add(i == 2 ? CoverageSegment.Kind.LOGS : CoverageSegment.Kind.UNVERIFIED);
    }
    assertThat(segment.takes(4_096)).isFalse();
    CoverageSegment next = new CoverageSegment(4_096);
    next.add(CoverageSegment.Kind.UNKNOWN);
    database
        .dsl()
        .batchInsert(segment.row(chain.indexed().id()), next.row(chain.indexed().id()))
        .execute();

    assertThat(
            CoverageSegment.of(database.dsl().fetch(COVERAGE_SEGMENT).getFirst())
                .row(chain.indexed().id()))
        .isEqualTo(segment.row(chain.indexed().id()));
    assertThat(coverage(4_091, 4_096)).isEqualTo(new Shown(0, 0, 1, 4, 1, 0, 0));
    assertThat(database.dsl().fetchSingle(COVERAGE).getBlocksUnverified()).isEqualTo(5);
  }

  @Test
  void otherRoles_shouldReadTheCoverage() {
    chain.mineBlocksOfPayments(8);
    scenario.index();
    Database reader = scenario.server().as(DatabaseRole.QUERY_API);
    assertThat(
            reader
                .dsl()
                .fetchSingle(
                    "SELECT gaps FROM chain.coverage_of(?, 1, 3)", chain.indexed().id().value())
                .get(0))
        .isEqualTo(0L);
    assertThat(reader.dsl().fetchCount(COVERAGE)).isOne();
  }

  private Shown coverage(long from, long to) {
    Record row =
        scenario
            .database()
            .dsl()
            .fetchSingle(
                """
                SELECT blocks_bloom, blocks_receipts, blocks_logs, blocks_unverified, blocks_unknown,
                       blocks_with_events, gaps
                  FROM chain.coverage_of(?, ?, ?)
                """,
                chain.indexed().id().value(),
                from,
                to);
    long[] counts = new long[row.size()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = row.get(i, Long.class);
    }
    return new Shown(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6]);
  }

  private double gauge(String name) {
    return scenario.meters().get("tachi.indexer." + name).gauge().value();
  }
}
