package network.tachi.app;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.Network;
import network.tachi.chainconfig.Secret;
import network.tachi.evm.rpc.pool.PoolListener;
import network.tachi.evm.rpc.pool.PoolOptions;
import network.tachi.evm.rpc.pool.RpcPool;
import network.tachi.indexer.ChainAudit;
import network.tachi.indexer.IndexedChain;
import network.tachi.indexer.Progress;
import network.tachi.indexer.RejectedAnswerException;
import network.tachi.indexer.StoreComparison;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.store.DatabaseSettings;
import network.tachi.store.Migrations;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Checks what is indexed against the chain. */
@Command(
    name = "verify",
    header = "Checks what is indexed against the chain, and writes nothing.",
    description = {
      "Hashes the headers again, proves the receipts by their root, makes the rows anew and"
          + " compares each with the stored one; makes the digests anew from the rows; and looks"
          + " whether every block was scanned. Names each difference by table, block, log and"
          + " column. Exit code 0 if there is none, 1 otherwise.",
      "With --against it compares two databases instead, without a node, and halves its way to the"
          + " first block in which they differ."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./tachi indexer verify --network base,ethereum --database jdbc:postgresql://db:5432/tachi",
      "  ./tachi indexer verify --network base,ethereum --database jdbc:postgresql://db:5432/tachi"
          + " --chain base --range 38000000-38100000"
    })
final class IndexerVerifyCommand implements Callable<Integer> {
  private static final int SHOWN = 20;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private IndexerCommand parent;

  @Option(
      names = "--chain",
      paramLabel = "KEY",
      description = "Only this chain of the network, such as base (default: all of them).")
  private @Nullable String chain;

  @Option(
      names = "--range",
      paramLabel = "FIRST-LAST",
      description =
          "Only those of these blocks that are indexed (default: up to the finalized one).")
  private @Nullable String range;

  @Option(
      names = "--against",
      paramLabel = "JDBC-URL",
      description = "Another database to compare with.")
  private @Nullable String against;

  @Option(
      names = "--against-password",
      paramLabel = "REF",
      description = "Of tachi_indexer there: env:NAME or file:PATH (default: the same password).")
  private @Nullable String againstPassword;

  @Override
  public Integer call() {
    BlockRange blocks = range == null ? null : BlockRange.parse("--range", range);
    Console console = new Console(spec.commandLine().getOut());
    Network network = parent.options().network();
    List<ChainSettings> chains = chains(network);
    if (blocks != null && chains.size() != 1) {
      throw new UserError("--range is of one chain: name it with --chain");
    }
    DatabaseSettings settings = parent.options().database(DatabaseRole.INDEXER);
    boolean clean = true;
    try (Database database = Database.open(settings, DatabaseRole.INDEXER, 2)) {
      for (ChainSettings each : chains) {
        clean &=
            against == null
                ? verify(each, database, blocks, console)
                : compare(each, database, settings, console);
      }
    }
    return clean ? 0 : 1;
  }

  private List<ChainSettings> chains(Network network) {
    if (chain == null) {
      return network.chains();
    }
    List<ChainSettings> named =
        network.chains().stream().filter(each -> each.key().equals(chain)).toList();
    if (named.isEmpty()) {
      throw new UserError(
          "--chain: expected one of %s, found %s"
              .formatted(network.chains().stream().map(ChainSettings::key).toList(), chain));
    }
    return named;
  }

  private static boolean verify(
      ChainSettings chain, Database database, @Nullable BlockRange blocks, Console console) {
    try (RpcPool rpc =
        RpcPool.open(
            chain.rpc(), PoolOptions.DEFAULTS.forChain(chain.chain()), PoolListener.NONE)) {
      ChainAudit audit = ChainAudit.byReceipts(IndexedChain.of(chain), rpc, database);
      ChainAudit.Extent extent =
          audit.extent().orElseThrow(() -> new UserError(chain.key() + ": nothing is indexed"));
      BlockRange asked =
          blocks == null ? new BlockRange(extent.start(), extent.finalized()) : blocks;
      if (blocks != null && blocks.last() < extent.start()) {
        throw new UserError(
            "--range: %s is indexed from block %d on, found %s"
                .formatted(chain.key(), extent.start(), blocks));
      }
      BlockRange checked = new BlockRange(Math.max(asked.first(), extent.start()), asked.last());
      if (checked.last() > extent.head()) {
        throw new UserError(
            "--range: %s is indexed up to block %d, found %d"
                .formatted(chain.key(), extent.head(), checked.last()));
      }
      ChainAudit.Report report = watched(chain, audit, checked, console);
      String what = "%s: blocks %s, %d events".formatted(chain.key(), checked, report.events());
      return say(what, report.differences(), console);
    } catch (RejectedAnswerException e) {
      throw new UserError(chain.key() + ": the node's answer is not proven, " + e.getMessage(), e);
    }
  }

  private static ChainAudit.Report watched(
      ChainSettings chain, ChainAudit audit, BlockRange blocks, Console console) {
    AtomicLong done = new AtomicLong(blocks.first() - 1);
    long begun = System.nanoTime();
    try (ProgressDisplay _ =
        ProgressDisplay.of(
            () ->
                List.of(
                    new Progress(
                        chain.key(),
                        blocks.first(),
                        done.get(),
                        blocks.last(),
                        0,
                        Duration.ofNanos(System.nanoTime() - begun))),
            console)) {
      return audit.onProgress(done::set).verify(blocks.first(), blocks.last());
    }
  }

  private boolean compare(
      ChainSettings chain, Database database, DatabaseSettings settings, Console console) {
    String secret =
        againstPassword == null
            ? settings.passwords().getOrDefault(DatabaseRole.INDEXER, "")
            : Secret.read(againstPassword, "--against-password", System.getenv());
    DatabaseSettings otherSettings =
        new DatabaseSettings(String.valueOf(against), Map.of(DatabaseRole.INDEXER, secret));
    Migrations.check(otherSettings, DatabaseRole.INDEXER);
    try (Database other = Database.open(otherSettings, DatabaseRole.INDEXER, 2)) {
      StoreComparison.Result result = new StoreComparison(chain.chain(), database, other).compare();
      if (result.firstDifferent().isEmpty()) {
        console.line(
            "%s: equal up to block %d, digest %s"
                .formatted(chain.key(), result.to(), result.digest()));
        return true;
      }
      console.line(
          "%s: equal below block %d and different from there on (expected: %s)"
              .formatted(chain.key(), result.firstDifferent().get(), settings.address()));
      if (result.differences().isEmpty()) {
        console.line(
            "  the rows are equal: it is another block, or a digest is not that of its rows");
      }
      list(result.differences(), console);
      return false;
    }
  }

  private static boolean say(
      String what, List<ChainAudit.Difference> differences, Console console) {
    if (differences.isEmpty()) {
      console.line(what + ": headers, receipts, rows, digests and coverage are as on the chain");
      return true;
    }
    console.line(what + ": " + differences.size() + " differences");
    list(differences, console);
    return false;
  }

  private static void list(List<ChainAudit.Difference> differences, Console console) {
    differences.stream().limit(SHOWN).forEach(difference -> console.line("  " + difference));
    if (differences.size() > SHOWN) {
      console.line("  and " + (differences.size() - SHOWN) + " more");
    }
  }
}
