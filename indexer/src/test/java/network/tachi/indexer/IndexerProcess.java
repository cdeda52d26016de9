package network.tachi.indexer;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import network.tachi.contracts.event.ContractKind;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.JsonRpcOptions;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.store.DatabaseSettings;

/** An indexer in a process of its own, to be killed and paused. */
final class IndexerProcess implements AutoCloseable {
  private static final String PASSWORD = "TACHI_TEST_PASSWORD";
  private static final String STOP_FILES = "TACHI_TEST_STOP_FILES";
  private static final String PRODUCTION = "TACHI_TEST_PRODUCTION";

  private final Process process;
  private final Path folder;

  private IndexerProcess(Process process, Path folder) {
    this.process = process;
    this.folder = folder;
  }

  /** Starts a JVM that indexes a chain until it is killed, with the settings of tests. */
  static Process start(EmitterChain chain, DatabaseSettings settings) throws IOException {
    return builder(chain, settings).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }

  /**
   * Starts a JVM that indexes a chain as in production, and says what it does.
   *
   * @param folder an empty one for this process
   */
  static IndexerProcess start(EmitterChain chain, DatabaseSettings settings, Path folder)
      throws IOException {
    ProcessBuilder builder = builder(chain, settings);
    builder.environment().put(STOP_FILES, Files.createDirectories(folder).toString());
    builder.environment().put(PRODUCTION, "yes");
    return new IndexerProcess(
        builder.redirectOutput(folder.resolve("out").toFile()).start(), folder);
  }

  /** Waits until it says that it is in a state. */
  void await(IndexerStatus.State state) {
    Await.until(
        Duration.ofSeconds(30),
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("the process ended: " + said());
          }
          return said().endsWith(state + "\n");
        });
  }

  /** All states it was in, a line each. */
  String said() {
    try {
      return Files.readString(folder.resolve("out"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes it pause itself, as by {@code kill -STOP}, when a commit next reaches a stage. */
  void pauseAt(CommitStage stage) throws IOException {
    Files.createFile(folder.resolve(stage.name()));
  }

  /** Whether it has reached the stage it was to pause at. */
  boolean reached(CommitStage stage) {
    return !Files.exists(folder.resolve(stage.name()));
  }

  /** Pauses it now. */
  void pause() throws IOException, InterruptedException {
    signal("STOP", process.pid());
  }

  /** Lets it go on. */
  void goOn() throws IOException, InterruptedException {
    signal("CONT", process.pid());
  }

  /** Kills it. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Asks it to stop in order. */
  void askToStop() {
    process.destroy();
  }

  private static void signal(String name, long pid) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private static ProcessBuilder builder(EmitterChain chain, DatabaseSettings settings) {
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
    return builder.redirectError(ProcessBuilder.Redirect.DISCARD);
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
            System.getenv(PRODUCTION) == null ? Scenario.SETTINGS : IndexerSettings.DEFAULT,
            IndexerProcess::pauseIfAsked);
    Runtime.getRuntime().addShutdownHook(new Thread(indexer::close));
    indexer.start();
    IndexerStatus.State last = null;
    while (true) {
      IndexerStatus.State now = indexer.status().state();
      if (now != last) {
        System.out.println(now);
        last = now;
      }
      Thread.sleep(2);
    }
  }

  private static void pauseIfAsked(CommitStage stage) {
    String folder = System.getenv(STOP_FILES);
    try {
      if (folder != null && Files.deleteIfExists(Path.of(folder, stage.name()))) {
        signal("STOP", ProcessHandle.current().pid());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
