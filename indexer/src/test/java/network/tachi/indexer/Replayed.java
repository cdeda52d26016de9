package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.BLOCK;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import network.tachi.contracts.event.ContractKind;
import network.tachi.evm.rpc.JsonRpcOptions;
import network.tachi.evm.rpc.pool.PoolListener;
import network.tachi.evm.rpc.pool.PoolOptions;
import network.tachi.evm.rpc.pool.RpcPool;
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

/** A generated chain on several endpoints, a real database, and an indexer over a pool of them. */
final class Replayed implements AutoCloseable {
  static final PoolOptions POOL =
      PoolOptions.DEFAULTS
          .withClient(JsonRpcOptions.DEFAULTS.withRequestTimeout(Duration.ofSeconds(5)))
          .withProbeInterval(Duration.ofMillis(50));

  private final TestDatabase server = TestDatabase.create();
  private final Database database = server.as(DatabaseRole.INDEXER);
  private final List<ReplayServer> servers = new ArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final GeneratedChain chain;
  private final IndexedChain indexed;
  private final RpcPool pool;
  private final Indexer indexer;

  /** So many endpoints, each a node of its own, of a chain that is so long. */
  Replayed(ChainSpec spec, int endpoints, int blocks, PoolListener listener) {
    chain = GeneratedChain.create(spec);
    GeneratedContracts at = GeneratedContracts.DEFAULT;
    indexed =
        new IndexedChain(
            spec.chain(),
            "generated",
            new FollowedContracts(
                List.of(
                    new FollowedContract(at.licenses(), ContractKind.CRAWL_LICENSE, 1),
                    new FollowedContract(at.payments(), ContractKind.PAYMENT_PROCESSOR, 1),
                    new FollowedContract(at.disputes(), ContractKind.DISPUTE_RESOLVER, 1))),
            Duration.ofMillis(spec.blockMillis()),
            1_000);
    var tip = chain.extend(chain.genesis(), blocks);
    for (int i = 0; i < endpoints; i++) {
      servers.add(ReplayServer.start(new ReplayNode(chain, tip)));
    }
    pool =
        RpcPool.open(
            servers.stream().map(ReplayServer::uri).toList(),
            POOL.forChain(spec.chain()),
            listener);
    indexer =
        Indexer.create(
            new IndexerRole.Source(indexed, pool),
            database,
            meters,
            InstantSource.system(),
            Scenario.SETTINGS,
            CommitStage.Probe.NONE);
  }

  static Replayed busy(int endpoints, int blocks) {
    return new Replayed(ChainSpec.base(31, Stories.busy(20)), endpoints, blocks, PoolListener.NONE);
  }

  ReplayNode node(int number) {
    return servers.get(number).node();
  }

  ReplayServer server(int number) {
    return servers.get(number);
  }

  String name(int number) {
    return "127.0.0.1:" + servers.get(number).port();
  }

  RpcPool pool() {
    return pool;
  }

  Indexer indexer() {
    return indexer;
  }

  IndexedChain indexed() {
    return indexed;
  }

  Database database() {
    return database;
  }

  SimpleMeterRegistry meters() {
    return meters;
  }

  /** All nodes follow one of them. */
  void mine(int blocks) {
    var tip = node(0).mine(blocks);
    servers.stream().skip(1).forEach(each -> each.node().show(tip));
  }

  /** Looks until the store is at the first node's head. */
  void index() {
    for (int i = 0; i < 300; i++) {
      indexer.turn();
      if (indexer.status().state() == State.FOLLOWING
          && indexer.status().indexed() == node(0).head().number()) {
        return;
      }
    }
    throw new AssertionError("not at " + node(0).head() + " but " + indexer.status());
  }

  void assertEqualsChain() {
    ChainAudit.Report report = new ChainAudit(indexed, pool, database).compare();
    assertThat(report.differences()).isEmpty();
    assertThat(report.events()).isPositive();
    assertThat(report.to()).isEqualTo(node(0).head().number());
  }

  /** How the blocks in the store were proven. */
  Set<String> proofs() {
    return new TreeSet<>(
        database.dsl().selectDistinct(BLOCK.VERIFICATION).from(BLOCK).fetchSet(BLOCK.VERIFICATION));
  }

  @Override
  public void close() {
    indexer.close();
    pool.close();
    servers.forEach(ReplayServer::close);
    server.close();
  }
}
