package network.tachi.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.Callable;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.Network;
import network.tachi.evm.Bytes;
import network.tachi.testkit.chain.ChainSpec;
import network.tachi.testkit.chain.GeneratedChain;
import network.tachi.testkit.chain.GeneratedContracts;
import network.tachi.testkit.chain.Payments;
import network.tachi.testkit.chain.Replacement;
import network.tachi.testkit.chain.ReplayNode;
import network.tachi.testkit.chain.ReplayServer;
import network.tachi.testkit.chain.Tip;
import network.tachi.testkit.chain.Workload;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves a settlement and an anchor chain, in a process of its own, until its input ends. */
@Command(
    name = "replay-server",
    header = "Serves two generated chains, as the other benchmarks need them.",
    mixinStandardHelpOptions = true)
final class ReplayServerCommand implements Callable<Integer> {
  @Option(names = "--blocks", description = "Of the settlement chain (${DEFAULT-VALUE}).")
  private int blocks = 1_000;

  @Option(
      names = "--tail",
      description = "Empty blocks upon them, so that all payments are final (${DEFAULT-VALUE}).")
  private int tail = 0;

  @Option(names = "--anchor-blocks", description = "Of the anchor chain (${DEFAULT-VALUE}).")
  private int anchorBlocks = 10;

  @Option(names = "--transactions", description = "In a busy block (${DEFAULT-VALUE}).")
  private int transactions = 5;

  @Option(names = "--logs", description = "Payments in a transaction (${DEFAULT-VALUE}).")
  private int logs = 10;

  @Option(names = "--every", description = "One block in so many is busy (${DEFAULT-VALUE}).")
  private int every = 1;

  @Option(names = "--anchor-busy", description = "Whether the anchor chain has payments too.")
  private boolean anchorBusy;

  @Option(names = "--crawlers", description = "How many pay (${DEFAULT-VALUE}).")
  private int crawlers = 1_000;

  @Option(names = "--licenses", description = "How many are paid (${DEFAULT-VALUE}).")
  private int licenses = 500;

  @Option(names = "--seed", description = "Of both chains (${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(names = "--safe", description = "Blocks from safe to the head (${DEFAULT-VALUE}).")
  private long safe = 32;

  @Option(
      names = "--finalized",
      description = "Blocks from finalized to the head (${DEFAULT-VALUE}).")
  private long finalized = 64;

  @Option(
      names = "--spool",
      paramLabel = "FILE",
      description = "Serves the settlement chain's receipts from this file, which it makes.")
  private @Nullable Path spool;

  @Option(
      names = "--ready",
      required = true,
      paramLabel = "FILE",
      description = "Gets the two ports once both chains are served.")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path ready;

  @Override
  public Integer call() throws IOException {
    Payments workload =
        new Payments(GeneratedContracts.DEFAULT, transactions, logs, every, crawlers, licenses);
    Network network = Network.bare("local", Map.of());
    try (ReplayServer settlement =
            serve(network.settlement(), ChainSpec.base(seed, workload), blocks);
        ReplayServer anchor =
            serve(
                network.anchor(),
                ChainSpec.ethereum(seed, anchorBusy ? workload : Workload.EMPTY),
                anchorBlocks)) {
      if (spool != null) {
        settlement.node().spoolReceipts(spool);
      }
      Path next = ready.resolveSibling(ready.getFileName() + ".next");
      Files.writeString(next, settlement.port() + " " + anchor.port());
      Files.move(next, ready, StandardCopyOption.ATOMIC_MOVE);
      while (System.in.read() >= 0) {
        Thread.onSpinWait();
      }
    }
    return 0;
  }

  private ReplayServer serve(ChainSettings settings, ChainSpec spec, int length) {
    GeneratedChain chain = GeneratedChain.create(spec.withChain(settings.chain()));
    Tip busy = chain.extend(chain.genesis(), length);
    ReplayNode node = new ReplayNode(chain, chain.genesis());
    node.finality(safe, finalized, 1);
    node.show(chain.fork(busy, 0, tail, Replacement.NOTHING));
    node.callResult(
        settings.usdc().address(),
        Bytes.wrap(settings.usdc().domainSeparator(settings.chain()).toBytes()));
    return ReplayServer.start(node);
  }
}
