package network.tachi.testkit;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.Hex;
import network.tachi.evm.Keccak;
import network.tachi.evm.PrivateKey;
import network.tachi.evm.Signer;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.JsonRpcOptions;

/**
 * A real anvil on a free port of loopback, as a child process that ends with {@link #close} or with
 * this JVM.
 */
public final class Anvil implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("Listening on 127\\.0\\.0\\.1:(\\d+)");
  private static final BigInteger TEN_THOUSAND_ETHER = BigInteger.TEN.pow(22);

  /** A transaction of the new fork that {@link #reorg} makes. */
  public record ReorgTransaction(Bytes raw, int blockOffset) {}

  private final AnvilOptions options;
  private final Path states;
  private final Process process;
  private final Thread hook;
  private final URI uri;
  private final JsonRpcClient client;
  private final EthRpc rpc;

  private Anvil(AnvilOptions options, Path states, Process process, int port) {
    this.options = options;
    this.states = states;
    this.process = process;
    this.hook = new Thread(this::kill);
    this.uri = URI.create("http://127.0.0.1:" + port);
    this.client = new JsonRpcClient(uri, JsonRpcOptions.DEFAULTS);
    this.rpc = new EthRpc(client);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * Starts one and waits until it answers.
   *
   * @throws IllegalStateException if it does not start
   */
  public static Anvil start(AnvilOptions options) {
    try {
      // anvil writes older states to disk, by default under the home folder, and leaves them there.
      Path states = Files.createTempDirectory("tachi-anvil");
      List<String> command =
          new ArrayList<>(
              List.of(
                  Tools.foundry("anvil").toString(),
                  "--port",
                  "0",
                  "--cache-path",
                  states.toString()));
      command.addAll(options.arguments());
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      BufferedReader output =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      StringBuilder said = new StringBuilder();
      String line;
      while ((line = output.readLine()) != null) {
        said.append(line).append('\n');
        Matcher listening = LISTENING.matcher(line);
        if (listening.find()) {
          Thread.ofVirtual().start(() -> drain(output));
          return new Anvil(options, states, process, Integer.parseInt(listening.group(1)));
        }
      }
      throw new IllegalStateException("anvil did not start: " + said);
    } catch (IOException e) {
      throw new UncheckedIOException("anvil did not start", e);
    }
  }

  /** anvil writes a line a request; unread, they would fill the pipe and stop it. */
  private static void drain(BufferedReader output) {
    try (output) {
      output.transferTo(Writer.nullWriter());
    } catch (IOException e) {
      System.getLogger(Anvil.class.getName())
          .log(System.Logger.Level.DEBUG, "anvil's output has ended", e);
    }
  }

  /** Its chain id. */
  public ChainId chain() {
    return options.chain();
  }

  /** Its endpoint. */
  public URI uri() {
    return uri;
  }

  /** Its process. */
  public long pid() {
    return process.pid();
  }

  /** Calls it. */
  public EthRpc rpc() {
    return rpc;
  }

  /** A key made from a name, with 10,000 ether on this chain. */
  public Signer account(String name) {
    Signer signer = Signer.of(PrivateKey.of(Keccak.hash("test account " + name).toBytes()));
    setBalance(signer.address(), TEN_THOUSAND_ETHER);
    return signer;
  }

  /** Mines blocks. */
  public void mine(int blocks) {
    rpc.request("anvil_mine", "[" + quoted(Hex.quantity(blocks)) + "]");
  }

  /** Mines one block with the given timestamp, in seconds. */
  public void mineAt(Instant time) {
    rpc.request("evm_mine", "[" + time.getEpochSecond() + "]");
  }

  /** Moves the chain's clock on and mines a block. */
  public void increaseTime(Duration step) {
    rpc.request("evm_increaseTime", "[" + step.toSeconds() + "]");
    mine(1);
  }

  /** Switches mining on a transaction. */
  public void automine(boolean on) {
    rpc.request("evm_setAutomine", "[" + on + "]");
  }

  /**
   * Replaces the newest blocks by as many others, which hold only the given transactions. The old
   * ones' transactions are dropped.
   */
  public void reorg(int depth, List<ReorgTransaction> transactions) {
    String pairs =
        transactions.stream()
            .map(each -> "[" + quoted(each.raw()) + "," + each.blockOffset() + "]")
            .collect(Collectors.joining(",", "[", "]"));
    rpc.request("anvil_reorg", "[" + depth + "," + pairs + "]");
  }

  /** Removes the newest blocks, so that the chain is shorter. */
  public void rollback(int depth) {
    rpc.request("anvil_rollback", "[" + depth + "]");
  }

  /** Remembers the chain; {@link #revert} goes back to it once. */
  public String snapshot() {
    return rpc.request("evm_snapshot", "[]");
  }

  /** Goes back to a snapshot. */
  public void revert(String snapshot) {
    rpc.request("evm_revert", "[" + snapshot + "]");
  }

  /** Sets an account's balance in wei. */
  public void setBalance(Address account, BigInteger wei) {
    rpc.request("anvil_setBalance", "[" + quoted(account) + "," + quoted(Hex.quantity(wei)) + "]");
  }

  /** Sets a contract's code. */
  public void setCode(Address contract, Bytes code) {
    rpc.request("anvil_setCode", "[" + quoted(contract) + "," + quoted(code) + "]");
  }

  /** Sets a word of a contract's storage. */
  public void setStorage(Address contract, Hash slot, Hash value) {
    rpc.request(
        "anvil_setStorageAt",
        "[" + quoted(contract) + "," + quoted(slot) + "," + quoted(value) + "]");
  }

  /** Drops all waiting transactions, as a reorg or a full pool does. */
  public void dropAllTransactions() {
    rpc.request("anvil_dropAllTransactions", "[]");
  }

  private static String quoted(Object value) {
    return "\"" + value + "\"";
  }

  @Override
  public void close() {
    client.close();
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().removeShutdownHook(hook);
    deleteStates();
  }

  private void kill() {
    process.destroyForcibly();
    deleteStates();
  }

  private void deleteStates() {
    try (Stream<Path> files = Files.walk(states)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException | UncheckedIOException e) {
      System.getLogger(Anvil.class.getName())
          .log(System.Logger.Level.DEBUG, "anvil's states stay in " + states, e);
    }
  }
}
