package network.tachi.app;

import static network.tachi.store.jooq.chain.Tables.HEAD;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import network.tachi.app.demo.Audit;
import network.tachi.app.demo.Demo;
import network.tachi.app.demo.DemoChain;
import network.tachi.app.demo.DemoWorld;
import network.tachi.app.local.LocalAccount;
import network.tachi.app.local.LocalChain;
import network.tachi.app.local.LocalHome;
import network.tachi.app.local.LocalNetwork;
import network.tachi.app.local.LocalRoles;
import network.tachi.app.local.Ports;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.Receipt;
import network.tachi.evm.rpc.RpcException;
import network.tachi.indexer.ChainAudit;
import network.tachi.indexer.IndexedChain;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.testkit.Tools;

/** The whole system, as {@code tachi up} runs it, in this process on free ports. */
final class RunningSystem implements AutoCloseable {
  private final AtomicInteger runs = new AtomicInteger();
  private final StringWriter said = new StringWriter();
  private final Console console = new Console(new PrintWriter(said, true));
  private final Ports ports;
  private final LocalNetwork network;
  private final LocalRoles roles;
  private final Database owner;

  private RunningSystem(Path folder) throws IOException {
    ports = FreePorts.take();
    LocalHome home = new LocalHome(folder);
    network =
        LocalNetwork.start(
            new LocalNetwork.Options(
                Tools.repository(), home, ports, LocalNetwork.Pace.CALM, false),
            console);
    roles = LocalRoles.start(network, ports, home);
    roles.awaitReady(console);
    owner = Database.open(network.database(), DatabaseRole.OWNER, 3);
  }

  static RunningSystem start(Path folder) throws IOException {
    return new RunningSystem(folder);
  }

  LocalNetwork network() {
    return network;
  }

  Ports ports() {
    return ports;
  }

  Database owner() {
    return owner;
  }

  DemoWorld world() {
    return new DemoWorld(
        "t" + runs.incrementAndGet(),
        new DemoChain(network.network().settlement(), network.base().rpc()),
        new DemoChain(network.network().anchor(), network.ethereum().rpc()),
        URI.create("http://127.0.0.1:" + ports.gateway()),
        URI.create("http://127.0.0.1:" + ports.queryApi()),
        LocalAccount.REGISTRAR.signer(),
        LocalAccount.FAUCET.signer(),
        owner.dsl());
  }

  /** Runs the demo; true if the books balance at its end. */
  boolean demo() {
    return new Demo(world(), console).run();
  }

  void assertBooksBalance() {
    assertThat(Audit.run(world(), console)).as(said.toString()).isTrue();
  }

  /** The finalized block that the indexer has taken over. */
  long finalizedInStore(ChainId chain) {
    return Objects.requireNonNull(
        owner
            .dsl()
            .select(HEAD.FINALIZED_NUMBER)
            .from(HEAD)
            .where(HEAD.CHAIN_ID.eq(chain.value()))
            .fetchOne(HEAD.FINALIZED_NUMBER));
  }

  /** What was said so far, for failure messages. */
  String said() {
    return said.toString();
  }

  /** The database equals the canonical chain, row by row. */
  void assertStoreEqualsChain() {
    for (ChainSettings chain : network.network().chains()) {
      LocalChain node =
          chain.equals(network.network().settlement()) ? network.base() : network.ethereum();
      ChainAudit.Report report =
          new ChainAudit(IndexedChain.of(chain), node.rpc().rpc(), owner).compare();
      assertThat(report.differences()).as(chain.key()).isEmpty();
      assertThat(report.events()).as(chain.key()).isPositive();
    }
  }

  /**
   * Replaces the newest blocks of the local Base. People's transactions stand in the new blocks
   * too, one block later; those of the roles are dropped, and their outboxes must bring them back.
   *
   * <p>anvil mines on while it reorganises. It then loses a block (its number has none, for ever),
   * or refuses because the fork would begin at one. Both are mended by doing it once more.
   *
   * @return how many transactions of roles were dropped
   */
  int reorgBase(int depth) {
    long first = network.base().head() - depth + 1;
    OptionalLong from = OptionalLong.of(first);
    int dropped = 0;
    for (int tries = 0; from.isPresent(); tries++) {
      assertThat(tries).as("reorganisations from block %d on", first).isLessThan(20);
      OptionalInt more = replaceFrom(from.getAsLong());
      if (more.isPresent()) {
        dropped += more.getAsInt();
        from = lostFrom(first);
      }
    }
    return dropped;
  }

  private OptionalLong lostFrom(long first) {
    return LongStream.rangeClosed(first, network.base().head())
        .filter(number -> network.base().rpc().block(BlockRef.number(number)).isEmpty())
        .findFirst();
  }

  /** How many transactions of roles were dropped; none if anvil refused. */
  private OptionalInt replaceFrom(long first) {
    List<Address> roleAccounts =
        List.of(LocalAccount.ORACLE_BASE.address(), LocalAccount.GATEWAY_BASE.address());
    EthRpc rpc = network.base().rpc();
    long head = network.base().head();
    List<String> again = new ArrayList<>();
    int dropped = 0;
    for (long number = first; number <= head; number++) {
      for (Receipt receipt : rpc.blockReceipts(BlockRef.number(number)).orElse(List.of())) {
        if (roleAccounts.contains(receipt.from())) {
          dropped++;
        } else {
          String raw =
              rpc.request("eth_getRawTransactionByHash", "[\"" + receipt.transactionHash() + "\"]");
          long offset = Math.min(head - first, number - first + 1);
          again.add("[" + raw + "," + offset + "]");
        }
      }
    }
    again.removeIf(transaction -> transaction.startsWith("[null"));
    long depth = network.base().head() - first + 1;
    try {
      rpc.request("anvil_reorg", "[" + depth + ",[" + String.join(",", again) + "]]");
    } catch (RpcException.ErrorReply e) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(dropped);
  }

  @Override
  public void close() {
    owner.close();
    roles.close();
    network.close();
  }
}
