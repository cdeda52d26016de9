package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.BLOCK;
import static network.tachi.store.jooq.chain.Tables.BLOCK_LOGS;
import static network.tachi.store.jooq.chain.Tables.CHECKPOINT;
import static network.tachi.store.jooq.chain.Tables.COVERAGE_SEGMENT;
import static network.tachi.store.jooq.chain.Tables.FEED;
import static network.tachi.store.jooq.projection.Tables.BLOCK_DIGEST;
import static network.tachi.store.jooq.projection.Tables.HISTORY;
import static network.tachi.store.jooq.projection.Tables.LICENSE_TOTAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import network.tachi.evm.rpc.JsonRpc;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.JsonRpcOptions;
import network.tachi.indexer.IndexerStatus.State;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.store.EventTables;
import network.tachi.store.jooq.chain.tables.records.CheckpointRecord;
import network.tachi.store.jooq.chain.tables.records.FeedRecord;
import network.tachi.testkit.AnvilOptions;
import network.tachi.testkit.TestDatabase;
import org.jooq.Table;

/** A real chain, a real database, and an indexer that looks when the test says so. */
final class Scenario implements AutoCloseable {
  private static final int MAX_TURNS = 200;

  /** Small chunks and transactions, so that short chains need many of them. */
  static final IndexerSettings SETTINGS =
      new IndexerSettings(
          Duration.ofMillis(20),
          Duration.ZERO,
          Duration.ZERO,
          7,
          3,
          20,
          Duration.ofMillis(600),
          Duration.ofSeconds(5),
          Duration.ofMillis(200));

  private final TestDatabase server = TestDatabase.create();
  private final Database database = server.as(DatabaseRole.INDEXER);
  private SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final EmitterChain chain;
  private final JsonRpcClient rpc;
  private Indexer indexer;

  Scenario(AnvilOptions options) {
    chain = EmitterChain.start(options);
    rpc = new JsonRpcClient(chain.anvil().uri(), JsonRpcOptions.DEFAULTS);
    indexer = create(rpc, CommitStage.Probe.NONE);
  }

  EmitterChain chain() {
    return chain;
  }

  Database database() {
    return database;
  }

  TestDatabase server() {
    return server;
  }

  Indexer indexer() {
    return indexer;
  }

  SimpleMeterRegistry meters() {
    return meters;
  }

  Indexer create(JsonRpc node, CommitStage.Probe probe) {
    return create(node, probe, SETTINGS);
  }

  private Indexer create(JsonRpc node, CommitStage.Probe probe, IndexerSettings settings) {
    meters = new SimpleMeterRegistry();
    return Indexer.create(
        new IndexerRole.Source(chain.indexed(), node),
        database,
        meters,
        InstantSource.system(),
        settings,
        probe);
  }

  /** Ends the indexer and begins with another that knows only what the store says. */
  void restart() {
    restart(rpc, CommitStage.Probe.NONE);
  }

  void restart(JsonRpc node, CommitStage.Probe probe) {
    indexer.close();
    indexer = create(node, probe);
  }

  void restart(JsonRpc node, CommitStage.Probe probe, IndexerSettings settings) {
    indexer.close();
    indexer = create(node, probe, settings);
  }

  JsonRpc rpc() {
    return rpc;
  }

  /** Fills another database with the same chain, from its beginning to its head. */
  TestDatabase freshBackfill() {
    TestDatabase other = TestDatabase.create();
    try (Indexer fresh =
        Indexer.create(
            new IndexerRole.Source(chain.indexed(), rpc),
            other.as(DatabaseRole.INDEXER),
            new SimpleMeterRegistry(),
            InstantSource.system(),
            SETTINGS)) {
      for (int i = 0; fresh.status().state() != State.FOLLOWING; i++) {
        assertThat(i).as("%s", fresh.status()).isLessThan(MAX_TURNS);
        fresh.turn();
      }
    }
    return other;
  }

  /** Looks until the store is at the head. */
  void index() {
    long head = chain.head();
    for (int i = 0; i < MAX_TURNS; i++) {
      indexer.turn();
      IndexerStatus status = indexer.status();
      if (status.state() == State.FOLLOWING && status.indexed() == head) {
        return;
      }
    }
    throw new AssertionError("not at head " + head + " but " + indexer.status());
  }

  /** The store must be at the head and equal the chain row by row. */
  ChainAudit.Report assertEqualsChain() {
    ChainAudit.Report report = new ChainAudit(chain.indexed(), rpc, database).compare();
    assertThat(report.differences()).isEmpty();
    assertThat(report.to()).isEqualTo(chain.head());
    assertThat(checkpoint().getHeadNumber()).isEqualTo(chain.head());
    return report;
  }

  CheckpointRecord checkpoint() {
    return database.dsl().fetchSingle(CHECKPOINT);
  }

  List<FeedRecord> feed() {
    List<FeedRecord> feed = database.dsl().selectFrom(FEED).orderBy(FEED.SEQ).fetch();
    for (int i = 0; i < feed.size(); i++) {
      assertThat(feed.get(i).getSeq()).as("the feed has no gap").isEqualTo(i + 1);
    }
    return feed;
  }

  /** All rows of the chain's schema that an indexer writes, for comparison with a later moment. */
  Map<String, String> rows() {
    Map<String, String> rows = new TreeMap<>();
    for (Table<?> table : EventTables.all()) {
      rows.put(
          table.getName(), database.dsl().selectFrom(table).orderBy(1, 2, 3).fetch().formatCSV());
    }
    for (Table<?> table :
        List.of(BLOCK, COVERAGE_SEGMENT, HISTORY, BLOCK_DIGEST, LICENSE_TOTAL, BLOCK_LOGS)) {
      rows.put(table.getName(), database.dsl().selectFrom(table).orderBy(1, 2).fetch().formatCSV());
    }
    rows.putAll(versions(database));
    rows.put("checkpoint", database.dsl().selectFrom(CHECKPOINT).fetch().formatCSV());
    rows.put("feed", database.dsl().selectFrom(FEED).orderBy(FEED.SEQ).fetch().formatCSV());
    return rows;
  }

  /** All versions of licences, domains, disputes and epochs. */
  static Map<String, String> versions(Database database) {
    Map<String, String> rows = new TreeMap<>();
    for (StateKind<?> kind : StateKinds.ALL) {
      rows.put(
          kind.table().getName(),
          database.dsl().selectFrom(kind.table()).orderBy(1, 2, 3, 4).fetch().formatCSV());
    }
    return rows;
  }

  double count(String meter, String... tags) {
    return meters.find("tachi.indexer." + meter).tags(tags).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  @Override
  public void close() {
    indexer.close();
    rpc.close();
    chain.close();
    server.close();
  }
}
