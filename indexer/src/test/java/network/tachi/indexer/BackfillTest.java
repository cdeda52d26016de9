package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.LEASE;
import static network.tachi.store.jooq.upkeep.Tables.DEFERRED_INDEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import network.tachi.contracts.event.ContractKind;
import network.tachi.evm.ChainId;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.JsonRpcOptions;
import network.tachi.indexer.IndexerStatus.State;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.testkit.TestDatabase;
import network.tachi.testkit.chain.ChainSpec;
import network.tachi.testkit.chain.GeneratedChain;
import network.tachi.testkit.chain.GeneratedContracts;
import network.tachi.testkit.chain.ReplayNode;
import network.tachi.testkit.chain.ReplayServer;
import network.tachi.testkit.chain.Stories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The first sync of a long chain, which has its secondary indexes built behind it. */
class BackfillTest {
  private static final int BLOCKS = 300;
  private static final IndexerSettings SETTINGS = settings(Scenario.SETTINGS.fetchAheadBytes());

  private final TestDatabase server = TestDatabase.create();
  private final Database database = server.as(DatabaseRole.INDEXER);
  private final GeneratedChain blocks = GeneratedChain.create(ChainSpec.base(31, Stories.busy(20)));
  private final ReplayNode node = new ReplayNode(blocks, blocks.extend(blocks.genesis(), BLOCKS));
  private final ReplayServer replay = ReplayServer.start(node);
  private final JsonRpcClient rpc = new JsonRpcClient(replay.uri(), JsonRpcOptions.DEFAULTS);
  private final Set<String> before = indexes();

  /** The death of the process: no handler may survive it. */
  private static final class Death extends Error {
    private static final long serialVersionUID = 1;
  }

  private static IndexerSettings settings(long fetchAheadBytes) {
    IndexerSettings usual = Scenario.SETTINGS;
    return new IndexerSettings(
        usual.pollInterval(),
        usual.tagInterval(),
        usual.headConfirmation(),
        usual.chunkBlocks(),
        usual.parallelFetches(),
        usual.commitBlocks(),
        usual.leaseDuration(),
        usual.stallAfter(),
        usual.maxBackoff(),
        fetchAheadBytes,
        100);
  }

  @AfterEach
  void close() {
    rpc.close();
    replay.close();
    server.close();
  }

  @Test
  void longFirstSync_shouldBuildIndexesBehindIt() {
    AtomicInteger commits = new AtomicInteger();
    AtomicInteger withoutIndexes = new AtomicInteger();
    CommitStage.Probe probe =
        stage -> {
          if (stage == CommitStage.COMMITTED) {
            commits.incrementAndGet();
            withoutIndexes.addAndGet(indexes().equals(before) ? 0 : 1);
          }
        };
    try (Indexer indexer = indexer(SETTINGS, probe)) {
      index(indexer);
      assertThat(indexer.notReady()).isEmpty();
    }
    assertThat(withoutIndexes.get()).isBetween(5, commits.get() - 1);
    assertWhole();
  }

  @Test
  void shortFirstSync_shouldKeepItsIndexes() {
    CommitStage.Probe probe = _ -> assertThat(indexes()).isEqualTo(before);
    try (Indexer indexer = indexer(Scenario.SETTINGS, probe)) {
      index(indexer);
    }
    assertWhole();
  }

  @Test
  void deathInTheMiddle_shouldBeFinishedByTheNext_indexesIncluded() {
    for (int death = 1; death <= 4; death++) {
      AtomicInteger left = new AtomicInteger(2);
      CommitStage.Probe dies =
          stage -> {
            if (stage == CommitStage.COMMITTED && left.decrementAndGet() == 0) {
              throw new Death();
            }
          };
      try (Indexer indexer = indexer(SETTINGS, dies)) {
        assertThatThrownBy(() -> index(indexer)).isInstanceOf(Death.class);
      }
      assertThat(indexes()).isNotEqualTo(before);
    }
    try (Indexer indexer = indexer(SETTINGS, CommitStage.Probe.NONE)) {
      index(indexer);
    }
    assertWhole();
  }

  @Test
  void deathWhileIndexesAreBuilt_shouldBeFinishedByTheNext() {
    CommitStage.Probe dies =
        stage -> {
          if (stage == CommitStage.BEGUN) {
            throw new Death();
          }
        };
    try (Indexer indexer = indexer(SETTINGS, dies)) {
      assertThatThrownBy(() -> index(indexer)).isInstanceOf(Death.class);
    }
    database.dsl().execute("SELECT upkeep.build_deferred_index('chain_v1')");
    assertThat(indexes()).isNotEqualTo(before);

    try (Indexer indexer = indexer(SETTINGS, CommitStage.Probe.NONE)) {
      index(indexer);
    }
    assertWhole();
  }

  @Test
  void chainAtItsHead_shouldWaitForTheIndexesOfAnother_butNotForADeadOne() {
    database.dsl().execute("SELECT upkeep.defer_indexes('chain_v1', 7)");
    lease(7, Instant.now().plusSeconds(600));
    try (Indexer indexer = indexer(Scenario.SETTINGS, CommitStage.Probe.NONE)) {
      for (int i = 0; i < 50 && !indexer.status().reason().equals("indexes_deferred"); i++) {
        indexer.turn();
      }
      assertThat(indexer.status().state()).isEqualTo(State.CATCHING_UP);
      assertThat(indexer.status().indexed()).isEqualTo(node.head().number());
      assertThat(indexer.notReady().orElseThrow().reason()).isEqualTo("indexes_deferred");
      assertThat(indexes()).isNotEqualTo(before);

      lease(7, Instant.now().minusSeconds(1));
      index(indexer);
    }
    assertWhole();
  }

  @Test
  void littleMemory_shouldStillBeEnough() {
    try (Indexer indexer = indexer(settings(1), CommitStage.Probe.NONE)) {
      index(indexer);
    }
    assertWhole();
  }

  private void lease(long chain, Instant expires) {
    database.dsl().deleteFrom(LEASE).where(LEASE.CHAIN_ID.eq(chain)).execute();
    database
        .dsl()
        .insertInto(LEASE)
        .set(LEASE.CHAIN_ID, chain)
        .set(LEASE.HOLDER, "another")
        .set(LEASE.EPOCH, 1L)
        .set(LEASE.EXPIRES_AT, expires)
        .execute();
  }

  private Indexer indexer(IndexerSettings settings, CommitStage.Probe probe) {
    return Indexer.create(
        new IndexerRole.Source(indexed(), rpc),
        database,
        new SimpleMeterRegistry(),
        InstantSource.system(),
        settings,
        probe);
  }

  private IndexedChain indexed() {
    GeneratedContracts at = GeneratedContracts.DEFAULT;
    ChainId id = blocks.spec().chain();
    return new IndexedChain(
        id,
        "generated",
        new FollowedContracts(
            List.of(
                new FollowedContract(at.licenses(), ContractKind.CRAWL_LICENSE, 1),
                new FollowedContract(at.payments(), ContractKind.PAYMENT_PROCESSOR, 1),
                new FollowedContract(at.disputes(), ContractKind.DISPUTE_RESOLVER, 1))));
  }

  private void index(Indexer indexer) {
    for (int i = 0; i < 200 && indexer.status().state() != State.FOLLOWING; i++) {
      indexer.turn();
    }
    assertThat(indexer.status().state()).isEqualTo(State.FOLLOWING);
  }

  private void assertWhole() {
    assertThat(indexes()).isEqualTo(before);
    assertThat(database.dsl().fetchCount(DEFERRED_INDEX)).isZero();
    ChainAudit.Report report = new ChainAudit(indexed(), rpc, database).compare();
    assertThat(report.differences()).isEmpty();
    assertThat(report.events()).isGreaterThan(100);
    assertThat(report.to()).isEqualTo(BLOCKS);
  }

  private Set<String> indexes() {
    return new TreeSet<>(
        database
            .dsl()
            .fetch("SELECT indexdef FROM pg_indexes WHERE schemaname = 'chain_v1'")
            .getValues("indexdef", String.class));
  }
}
