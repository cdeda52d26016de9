package network.tachi.app;

import java.util.List;
import java.util.Locale;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.indexer.Replay;
import network.tachi.store.Database;
import picocli.CommandLine.Command;

/** Makes what readers see again from the stored logs. */
@Command(
    name = "replay",
    header = "Makes rows, totals, digests and versions again from the stored logs, without a node.",
    description = {
      "In one transaction, in place: readers see the old or the new. The network's indexers must"
          + " be stopped meanwhile; to do it while they run, see ./tachi indexer"
          + " deploy-projection."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = {
      "  ./tachi indexer replay --network base,ethereum --database"
          + " jdbc:postgresql://db:5432/tachi"
    })
final class ReplayCommand extends StoreCommand {
  private static final double NANOS = 1e9;

  @Override
  void run(Database database, Console console) {
    Replay replay =
        new Replay(
            database, options().network().chains().stream().map(ChainSettings::chain).toList());
    List<Replay.Report> reports;
    try (ProgressDisplay _ =
        ProgressDisplay.of(() -> replay.progress().stream().toList(), console)) {
      reports = replay.run();
    }
    reports.forEach(report -> console.line(said(report)));
  }

  private static String said(Replay.Report report) {
    return String.format(
        Locale.ROOT,
        "chain %s: made again from the stored logs up to block %d, %,d events in %.1f s",
        report.chain(),
        report.head(),
        report.events(),
        report.time().toNanos() / NANOS);
  }
}
