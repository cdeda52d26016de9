package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.FEED;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import network.tachi.indexer.IndexerStatus.State;
import network.tachi.store.DatabaseRole;
import network.tachi.store.jooq.chain.tables.records.FeedRecord;
import network.tachi.testkit.AnvilOptions;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two processes that index one chain, with the settings of production: one writes, the other stands
 * by. {@code -Dtachi.pause=60} pauses the writer for so many seconds at least.
 */
class PairTest {
  private static final System.Logger LOG = System.getLogger(PairTest.class.getName());
  private static final Duration TAKEOVER = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofSeconds(Long.getLong("tachi.pause", 0));
  private static final int KILLS = Integer.getInteger("tachi.kills", 4);

  private final Scenario scenario = new Scenario(AnvilOptions.BASE);
  private final EmitterChain chain = scenario.chain();
  private final List<IndexerProcess> processes = new ArrayList<>();

  @TempDir Path folder;

  @AfterEach
  void close() {
    processes.forEach(IndexerProcess::close);
    scenario.close();
  }

  @Test
  void killedWriter_shouldBeReplacedInTwoSeconds() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    chain.mineBlocksOfPayments(20);
    IndexerProcess writer = writer();
    List<Duration> gaps = new ArrayList<>();
    for (int kill = 0; kill < KILLS; kill++) {
      IndexerProcess standby = standby();
      try (Miner _ = new Miner(random)) {
        long death = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(800));
        Await.until(PATIENCE, () -> System.nanoTime() >= death);
        long epoch = epoch();
        writer.kill();
        gaps.add(awaitEpochAbove(epoch));
      }
      writer = standby;
    }
    LOG.log(System.Logger.Level.INFO, "killed writer -> standby has committed: " + gaps);

    assertThat(gaps).as("seed %d", seed).allMatch(gap -> gap.compareTo(TAKEOVER) <= 0);
    assertStoreIsWhole(seed);
  }

  @Test
  void stoppedWriter_shouldHandOverAtOnce() throws Exception {
    chain.mineBlocksOfPayments(5);
    IndexerProcess writer = writer();
    standby();
    try (Miner _ = new Miner(new Random(1))) {
      long epoch = epoch();
      writer.askToStop();
      Duration gap = awaitEpochAbove(epoch);
      LOG.log(System.Logger.Level.INFO, "stopped writer -> standby has committed: " + gap);
      assertThat(gap).isLessThanOrEqualTo(Duration.ofMillis(600));
    }
    assertStoreIsWhole(1);
  }

  @Test
  void writerWhoseConnectionsBreak_shouldLeaveNoGapOfTwoSeconds() throws Exception {
    chain.mineBlocksOfPayments(5);
    writer();
    standby();
    try (Miner _ = new Miner(new Random(2))) {
      for (int i = 0; i < 3; i++) {
        long head = chain.head();
        // Of all processes, this one too.
        scenario
            .server()
            .another(DatabaseRole.INDEXER)
            .dsl()
            .execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
                    + " current_database() AND usename = current_user AND pid <>"
                    + " pg_backend_pid()");
        Await.until(TAKEOVER, () -> isIndexedAbove(head));
      }
    }
    assertStoreIsWhole(2);
  }

  @ParameterizedTest
  @EnumSource(CommitStage.class)
  void writerPausedInACommit_shouldBlockNobodyAndWriteNothingAfterwards(CommitStage stage)
      throws Exception {
    chain.mineBlocksOfPayments(20);
    IndexerProcess writer = writer();
    IndexerProcess standby = standby();
    long epoch = epoch();

    writer.pauseAt(stage);
    chain.reorgWithPayments(3, 1);
    chain.mineBlocksOfPayments(1);
    Await.until(PATIENCE, () -> writer.reached(stage));
    Duration gap;
    try (Miner _ = new Miner(new Random(3))) {
      gap = awaitEpochAbove(epoch);
      LockSupport.parkNanos(PAUSE.toNanos());
      writer.goOn();
      writer.await(State.STANDBY);
      standby.await(State.FOLLOWING);
    }
    LOG.log(
        System.Logger.Level.INFO,
        "writer paused at " + stage + " -> standby has committed: " + gap);

    assertThat(gap).isLessThanOrEqualTo(TAKEOVER);
    assertStoreIsWhole(3);
    assertThat(feed().getLast().getLeaseEpoch()).isEqualTo(epoch + 1);
  }

  @Test
  void writerPausedAtAnyMoment_shouldWriteNothingAfterwards() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    chain.mineBlocksOfPayments(20);
    IndexerProcess writer = writer();
    IndexerProcess standby = standby();
    try (Miner _ = new Miner(random)) {
      for (int round = 0; round < 3; round++) {
        long moment = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(500));
        Await.until(PATIENCE, () -> System.nanoTime() >= moment);
        long epoch = epoch();
        writer.pause();
        assertThat(awaitEpochAbove(epoch)).isLessThanOrEqualTo(TAKEOVER);
        LockSupport.parkNanos(PAUSE.toNanos());
        writer.goOn();
        writer.await(State.STANDBY);
        IndexerProcess paused = writer;
        writer = standby;
        standby = paused;
      }
    }
    assertStoreIsWhole(seed);
  }

  private IndexerProcess writer() throws IOException {
    IndexerProcess process = start();
    process.await(State.FOLLOWING);
    return process;
  }

  private IndexerProcess standby() throws IOException {
    IndexerProcess process = start();
    process.await(State.STANDBY);
    return process;
  }

  private IndexerProcess start() throws IOException {
    Path own = folder.resolve("process-" + processes.size());
    IndexerProcess process = IndexerProcess.start(chain, scenario.server().settings(), own);
    processes.add(process);
    return process;
  }

  /** Waits for a commit of another writer; how long that took. */
  private Duration awaitEpochAbove(long epoch) {
    long start = System.nanoTime();
    Await.until(PATIENCE, () -> epoch() > epoch);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Of the newest commit. */
  private long epoch() {
    return scenario.checkpoint().getLeaseEpoch();
  }

  private long indexedHead() {
    return scenario.checkpoint().getHeadNumber();
  }

  private boolean isIndexedAbove(long number) {
    try {
      return indexedHead() > number;
    } catch (DataAccessException _) {
      return false;
    }
  }

  private List<FeedRecord> feed() {
    return scenario.feed();
  }

  /** No gap, no double row, and nobody wrote after another had taken over. */
  private void assertStoreIsWhole(long seed) {
    Await.until(PATIENCE, () -> indexedHead() == chain.head());
    assertThat(scenario.assertEqualsChain().differences()).as("seed %d", seed).isEmpty();
    assertThat(feed())
        .as("seed %d: epochs in the order of the feed", seed)
        .extracting(FeedRecord::getLeaseEpoch)
        .isSorted();
    assertThat(
            scenario
                .database()
                .dsl()
                .select(DSL.max(FEED.LEASE_EPOCH))
                .from(FEED)
                .fetchSingle()
                .value1())
        .isEqualTo(epoch());
  }

  /** Mines blocks with payments all the time, and now and then a reorg. */
  private final class Miner implements AutoCloseable {
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread thread;

    Miner(Random random) {
      long seed = random.nextLong();
      this.thread = Thread.ofPlatform().start(() -> mine(new Random(seed)));
    }

    private void mine(Random random) {
      while (!stopped.get()) {
        if (random.nextInt(12) == 0) {
          chain.reorgWithPayments(1 + random.nextInt(4), 1);
        }
        chain.mineBlocksOfPayments(1);
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      }
    }

    @Override
    public void close() {
      stopped.set(true);
      Await.until(PATIENCE, () -> !thread.isAlive());
    }
  }
}
