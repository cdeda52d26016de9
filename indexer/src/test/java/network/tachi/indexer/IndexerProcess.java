package network.tachi.indexer;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import network.tachi.contracts.event.ContractKind;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.JsonRpcOptions;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.store.DatabaseSettings;

/** An indexer in a process of its own, to be killed. */
final class IndexerProcess {
  private static final String PASSWORD = "TACHI_TEST_PASSWORD";

  private IndexerProcess() {}

  /** Starts a JVM that indexes a chain until it is killed. */
  static Process start(EmitterChain chain, DatabaseSettings settings) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                IndexerProcess.class.getName(),
                chain.anvil().uri().toString(),
                chain.anvil().chain().toString(),
                settings.jdbcUrl()));
    for (FollowedContract contract : chain.indexed().contracts().all()) {
      command.add(contract.kind() + "@" + contract.address());
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put(PASSWORD, settings.passwords().get(DatabaseRole.INDEXER));
    return builder
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Node, chain id, database, then each contract as kind and address. */
  public static void main(String[] args) throws InterruptedException {
    List<FollowedContract> contracts = new ArrayList<>();
    for (int i = 3; i < args.length; i++) {
      int at = args[i].indexOf('@');
      contracts.add(
          new FollowedContract(
              Address.parse(args[i].substring(at + 1)),
              ContractKind.valueOf(args[i].substring(0, at)),
              1));
    }
    IndexedChain chain =
        new IndexedChain(
            ChainId.of(Long.parseLong(args[1])), "killed", new FollowedContracts(contracts));
    DatabaseSettings settings = DatabaseSettings.of(args[2], System.getenv(PASSWORD));
    Indexer indexer =
        Indexer.create(
            new IndexerRole.Source(
                chain, new JsonRpcClient(URI.create(args[0]), JsonRpcOptions.DEFAULTS)),
            Database.open(settings, DatabaseRole.INDEXER, 4),
            new SimpleMeterRegistry(),
            InstantSource.system(),
            Scenario.SETTINGS);
    indexer.start();
    new CountDownLatch(1).await();
  }
}
