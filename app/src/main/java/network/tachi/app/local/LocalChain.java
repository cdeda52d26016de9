package network.tachi.app.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import network.tachi.app.UserError;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.JsonRpcOptions;
import network.tachi.evm.rpc.RpcException;

/** One anvil of the local network: started, or adopted from an earlier start that was killed. */
public final class LocalChain implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration WRITING_STATE = Duration.ofSeconds(60);

  /**
   * Blocks whose state anvil keeps on disk, more than lie between the head and {@code finalized}.
   * One takes megabytes in a long chain, and by itself anvil would keep thousands.
   */
  private static final int STATES_KEPT = 128;

  /**
   * How a chain is run.
   *
   * @param key its name in the network file
   * @param chain its id
   * @param slotsInEpoch {@code safe} lags by this many blocks, {@code finalized} by twice as many
   * @param blockTime seconds between blocks; a transaction is mined at once
   * @param port where it listens
   */
  public record Spec(String key, ChainId chain, int slotsInEpoch, double blockTime, int port) {}

  private final Spec spec;
  private final ChildProcess process;
  private final JsonRpcClient client;
  private final EthRpc rpc;

  private LocalChain(Spec spec, ChildProcess process) {
    this.spec = spec;
    this.process = process;
    this.client =
        new JsonRpcClient(
            uri(spec.port()), JsonRpcOptions.DEFAULTS.withRequestTimeout(Duration.ofSeconds(10)));
    this.rpc = new EthRpc(client);
  }

  private static URI uri(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  /**
   * Finds a chain that an earlier start left running; empty if it is gone, or is not the one that
   * the pid file means.
   */
  static Optional<LocalChain> adopt(RunFile run, Spec spec) {
    Optional<ChildProcess> process =
        ChildProcess.load(run, spec.key()).filter(child -> child.handle().isPresent());
    if (process.isEmpty()
        || !run.get(spec.key() + ".port").equals(Optional.of(Integer.toString(spec.port())))) {
      return Optional.empty();
    }
    LocalChain chain = new LocalChain(spec, process.get());
    try {
      if (chain.rpc.chainId().equals(spec.chain())
          && Optional.of(chain.genesis().toString()).equals(run.get(spec.key() + ".genesis"))) {
        return Optional.of(chain);
      }
    } catch (RpcException e) {
      System.getLogger(LocalChain.class.getName())
          .log(
              System.Logger.Level.INFO,
              "the chain " + spec.key() + " of an earlier start does not answer",
              e);
    }
    chain.client.close();
    return Optional.empty();
  }

  /** Ends a chain of an earlier start, if it still runs. */
  static void stopLeftOver(RunFile run, String key) {
    ChildProcess.load(run, key).ifPresent(child -> child.stop(WRITING_STATE));
  }

  /**
   * Starts a chain; it loads the state that an orderly stop wrote, if there is one.
   *
   * @param anvil the executable
   * @throws UserError if the port is busy or anvil does not start
   */
  static LocalChain start(LocalHome home, RunFile run, Spec spec, Path anvil) {
    Ports.requireFree(spec.port(), "chain " + spec.key());
    Path log = home.logs().resolve(spec.key() + ".log");
    boolean loaded = Files.exists(stateFile(home, spec.key()));
    // anvil makes a block 0 at every start, and which one a later load takes is chance. So each
    // start makes the same.
    String born = spec.key() + ".born";
    String genesisTime =
        run.get(born).filter(_ -> loaded).orElse(Long.toString(Instant.now().getEpochSecond()));
    Path states = home.chains().resolve(spec.key() + "-states");
    LocalHome.delete(states);
    List<String> command = new ArrayList<>();
    if (Executables.find("setsid").isPresent()) {
      command.add("setsid");
    }
    command.addAll(
        List.of(
            anvil.toString(),
            "--host",
            "127.0.0.1",
            "--port",
            Integer.toString(spec.port()),
            "--chain-id",
            spec.chain().toString(),
            "--slots-in-an-epoch",
            Integer.toString(spec.slotsInEpoch()),
            "--block-time",
            Double.toString(spec.blockTime()),
            "--mixed-mining",
            "--state",
            stateFile(home, spec.key()).toString(),
            "--max-persisted-states",
            Integer.toString(STATES_KEPT),
            "--cache-path",
            states.toString(),
            "--timestamp",
            genesisTime,
            "--silent"));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()))
              .start();
      process.getOutputStream().close();
      LocalChain chain = new LocalChain(spec, ChildProcess.of(process.toHandle()));
      // Before it is ready: a start that is killed now must still be found by the next one.
      chain.process.save(run, spec.key());
      run.put(spec.key() + ".port", spec.port()).put(born, genesisTime).save();
      chain.awaitReady(log);
      run.put(spec.key() + ".genesis", chain.genesis()).save();
      if (loaded) {
        chain.goOn();
      }
      return chain;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + anvil, e);
    }
  }

  /**
   * After a load, anvil's clock starts at the genesis block, and only the last block has a state.
   * Sets the clock, never back, and mines empty blocks until {@code finalized} has a state too.
   */
  private void goOn() {
    long last = rpc.block(BlockTag.LATEST).map(BlockHeader::timestamp).orElse(0L);
    rpc.request("evm_setTime", "[" + Math.max(last, Instant.now().getEpochSecond()) + "]");
    String blocks = Integer.toHexString(2 * spec.slotsInEpoch() + 1);
    rpc.request("anvil_mine", "[\"0x" + blocks + "\",\"0x0\"]");
  }

  private void awaitReady(Path log) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        if (rpc.chainId().equals(spec.chain())) {
          return;
        }
      } catch (RpcException e) {
        boolean ended = process.handle().isEmpty();
        if (ended || System.nanoTime() > deadline) {
          String last = Files.readString(log).lines().reduce("", (_, line) -> line);
          throw new UserError(
              "the chain " + spec.key() + " did not start (" + log + "): " + last, e);
        }
      }
      java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  static Path stateFile(LocalHome home, String key) {
    return home.chains().resolve(key + ".json");
  }

  /** How it is run. */
  public Spec spec() {
    return spec;
  }

  /** Calls it. */
  public EthRpc rpc() {
    return rpc;
  }

  /** Its endpoint. */
  public URI uri() {
    return uri(spec.port());
  }

  /** Its endpoint, and the same for announcements of heads. */
  List<URI> endpoints() {
    return List.of(uri(), URI.create("ws://" + uri().getAuthority()));
  }

  /** Hash of block 0, which no other chain has. */
  Hash genesis() {
    return rpc.blockByNumber(0)
        .map(BlockHeader::hash)
        .orElseThrow(() -> new IllegalStateException("a chain without block 0"));
  }

  /** Number of the newest block. */
  public long head() {
    return rpc.block(BlockTag.LATEST).map(BlockHeader::number).orElse(0L);
  }

  /** True while the process runs. */
  boolean isAlive() {
    return process.handle().isPresent();
  }

  /** Stops it in order, so that it writes its state. */
  @Override
  public void close() {
    client.close();
    process.stop(WRITING_STATE);
  }
}
