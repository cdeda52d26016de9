package network.tachi.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import network.tachi.chainconfig.ContractAt;
import network.tachi.chainconfig.ContractName;
import network.tachi.chainconfig.Deployment;
import network.tachi.chainconfig.Network;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.store.DatabaseRole;
import network.tachi.store.DatabaseSettings;
import network.tachi.testkit.chain.GeneratedContracts;

/** Our indexer, started as its users start it, in a process of its own. */
final class Tachi implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  private final Child child;
  private final int adminPort;

  private Tachi(Child child, int adminPort) {
    this.child = child;
    this.adminPort = adminPort;
  }

  /**
   * Starts {@code tachi indexer}.
   *
   * @param name of its log
   * @param node serves both chains
   * @param database with Tachi's schema
   * @param options for Java
   */
  static Tachi start(
      String name,
      Path folder,
      ReplayProcess node,
      DatabaseSettings database,
      List<String> options) {
    Path deployments = folder.resolve("deployments");
    deployment().write(Network.deploymentFile(deployments, "local"));
    int port = FreePort.find();
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "indexer",
                "--network",
                "local",
                "--deployments",
                deployments.toString(),
                "--database",
                database.jdbcUrl(),
                "--admin",
                "127.0.0.1:" + port));
    Map<String, String> environment =
        Map.of(
            "TACHI_LOCAL_BASE_RPC",
            endpoints(node.settlement()),
            "TACHI_LOCAL_ETHEREUM_RPC",
            endpoints(node.anchor()),
            "TACHI_DB_PASSWORD",
            java.util.Objects.requireNonNull(database.passwords().get(DatabaseRole.INDEXER)));
    return new Tachi(
        Child.java(
            name,
            options,
            "network.tachi.app.Main",
            arguments,
            environment,
            folder.resolve(name + ".log")),
        port);
  }

  /** Requests go by http; new heads come by websocket. */
  private static String endpoints(URI http) {
    return http + ",ws://" + http.getAuthority();
  }

  private static Deployment deployment() {
    GeneratedContracts at = GeneratedContracts.DEFAULT;
    Map<ChainId, List<ContractAt>> contracts = new LinkedHashMap<>();
    for (ChainId chain : List.of(settlementChain(), anchorChain())) {
      contracts.put(
          chain,
          List.of(
              at(ContractName.CRAWL_LICENSE, at.licenses()),
              at(ContractName.PAYMENT_PROCESSOR, at.payments()),
              at(ContractName.DISPUTE_RESOLVER, at.disputes())));
    }
    return new Deployment("local", Hash.of(Keccak.hash("bench").toBytes()), contracts);
  }

  private static ContractAt at(ContractName name, Address address) {
    return new ContractAt(name, address, 1);
  }

  static ChainId settlementChain() {
    return Network.bare("local", Map.of()).settlement().chain();
  }

  static ChainId anchorChain() {
    return Network.bare("local", Map.of()).anchor().chain();
  }

  Child child() {
    return child;
  }

  /** Waits until it runs, as leader or as standby: its admin port is the last it opens. */
  void awaitRunning() {
    child.await(
        "opens its admin port",
        START_LIMIT,
        () -> {
          try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), adminPort)) {
            return true;
          } catch (IOException _) {
            return false;
          }
        });
  }

  int adminPort() {
    return adminPort;
  }

  /** Up to which block a chain is in the store; -1 if nothing is. */
  static long indexed(Connection connection, ChainId chain) {
    List<List<String>> rows =
        Sql.rows(connection, "SELECT head_number FROM chain.checkpoint WHERE chain_id = " + chain);
    return rows.isEmpty() ? -1 : Long.parseLong(rows.getFirst().getFirst());
  }

  /** Whether indexes that a first sync put off are all there. */
  static boolean hasIndexes(Connection connection) {
    return !Sql.exists(connection, "upkeep.deferred_index")
        || Sql.number(connection, "SELECT count(*) FROM upkeep.deferred_index") == 0;
  }

  @Override
  public void close() {
    child.close();
  }
}
