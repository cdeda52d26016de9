package network.tachi.indexer;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import network.tachi.contracts.event.ContractKind;
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
import network.tachi.testkit.chain.Pace;
import network.tachi.testkit.chain.Payments;
import network.tachi.testkit.chain.ReplayNode;
import network.tachi.testkit.chain.ReplayServer;
import network.tachi.testkit.chain.Tip;

/** An indexer that runs, with the settings of production, on a chain of 200 ms blocks. */
final class Live implements AutoCloseable {
  static final Duration BLOCK = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** One block in a hundred has payments. */
  static final ChainSpec SPEC = ChainSpec.base(41, Payments.sparse(100, 10));

  private final TestDatabase server = TestDatabase.create();
  private final Database database = server.as(DatabaseRole.INDEXER);
  private final List<Closing> open = new ArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final IndexedChain indexed;
  private final RpcPool pool;
  private final Indexer indexer;

  private interface Closing {
    void close();
  }

  Live(ChainSpec spec, List<ReplayServer> rpc, List<ReplayServer> heads, PoolListener listener) {
    GeneratedContracts at = GeneratedContracts.DEFAULT;
    indexed =
        new IndexedChain(
            spec.chain(),
            "live",
            new FollowedContracts(
                List.of(new FollowedContract(at.payments(), ContractKind.PAYMENT_PROCESSOR, 1))),
            Duration.ofMillis(spec.blockMillis()),
            1_000);
    pool =
        RpcPool.open(
            rpc.stream().map(ReplayServer::uri).toList(),
            PoolOptions.DEFAULTS.forChain(spec.chain()),
            listener);
    List<URI> announcers = heads.stream().map(ReplayServer::webSocketUri).toList();
    indexer =
        Indexer.create(
            new IndexerRole.Source(indexed, pool, announcers),
            database,
            meters,
            InstantSource.system(),
            IndexerSettings.DEFAULT);
    Stream.concat(rpc.stream(), heads.stream()).distinct().forEach(each -> open.add(each::close));
    indexer.start();
  }

  /** A node of a chain that is so long. */
  static ReplayNode node(GeneratedChain chain, int blocks) {
    return new ReplayNode(chain, chain.extend(chain.genesis(), blocks));
  }

  static ReplayNode node() {
    return node(GeneratedChain.create(SPEC), 20);
  }

  Indexer indexer() {
    return indexer;
  }

  RpcPool pool() {
    return pool;
  }

  SimpleMeterRegistry meters() {
    return meters;
  }

  /** Closes it with this. */
  ReplayServer keep(ReplayServer part) {
    open.addFirst(part::close);
    return part;
  }

  /** Closes it with this. */
  Pace keep(Pace part) {
    open.addFirst(part::close);
    return part;
  }

  static void await(String what, BooleanSupplier condition) {
    Await.until(() -> what, PATIENCE, condition);
  }

  void awaitHead(ReplayNode node) {
    await(
        "at the head",
        () ->
            indexer.status().state() == State.FOLLOWING
                && indexer.status().indexed() == node.head().number());
  }

  void awaitReason(String reason, Duration patience) {
    Await.until(
        () -> reason + ", but " + indexer.status(),
        patience,
        () -> indexer.notReady().filter(why -> why.reason().equals(reason)).isPresent());
  }

  void awaitReady() {
    await("ready", () -> indexer.notReady().isEmpty());
  }

  double gauge(String name) {
    return meters.get("tachi.indexer." + name).gauge().value();
  }

  double count(String name) {
    return meters.find("tachi.indexer." + name).counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  static Tip follow(ReplayNode leader, ReplayNode follower) {
    leader.onHead(follower::show);
    return leader.head();
  }

  @Override
  public void close() {
    indexer.close();
    pool.close();
    open.forEach(Closing::close);
    server.close();
  }
}
