package network.tachi.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import network.tachi.evm.ChainId;
import network.tachi.store.DatabaseRole;
import network.tachi.store.DatabaseSettings;

/** Our indexer at the head of two chains that a replay server serves. */
final class LiveRun implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final String DATABASE = "live";

  private final Path folder;
  private final ReplayProcess node;
  private final BenchPostgres postgres;
  private final DatabaseSettings settings;
  private final List<String> javaOptions;
  private final List<Tachi> processes = new ArrayList<>();

  private LiveRun(
      Path folder, ReplayProcess node, BenchPostgres postgres, List<String> javaOptions) {
    this.folder = folder;
    this.node = node;
    this.postgres = postgres;
    this.settings = postgres.tachi(DATABASE);
    this.javaOptions = javaOptions;
  }

  /**
   * Starts node and database.
   *
   * @param name of the folder
   * @param nodeOptions see {@link ReplayServerCommand}
   * @param javaOptions for the indexer
   */
  static LiveRun start(String name, List<String> nodeOptions, List<String> javaOptions) {
    Path folder = Child.folder(name);
    ReplayProcess node = ReplayProcess.start(folder, nodeOptions);
    return new LiveRun(folder, node, BenchPostgres.start(folder.resolve("postgres")), javaOptions);
  }

  /** Starts another indexer process. */
  Tachi indexer() {
    Tachi process = Tachi.start("indexer" + processes.size(), folder, node, settings, javaOptions);
    processes.add(process);
    return process;
  }

  /** Waits until a chain is indexed up to a block. */
  void awaitIndexed(Connection connection, ChainId chain, long block) {
    processes
        .getLast()
        .child()
        .await(
            "indexes block " + block + " of chain " + chain,
            LIMIT,
            () -> Tachi.indexed(connection, chain) >= block);
  }

  /** Waits until both chains are indexed up to their heads. */
  void awaitHeads(Connection connection) {
    awaitIndexed(connection, Tachi.settlementChain(), node.settlementRpc().blockNumber());
    awaitIndexed(connection, Tachi.anchorChain(), node.anchorRpc().blockNumber());
  }

  ReplayProcess node() {
    return node;
  }

  /** A connection that reads as the query API does. */
  Connection reader() {
    return BenchPostgres.connect(settings, DatabaseRole.QUERY_API);
  }

  /** A connection that sees everything. */
  Connection connect() {
    return postgres.connect(DATABASE);
  }

  @Override
  public void close() {
    processes.forEach(Tachi::close);
    node.close();
    postgres.close();
  }
}
