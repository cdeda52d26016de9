package network.tachi.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import network.tachi.store.DatabaseRole;
import network.tachi.store.DatabaseSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How fast event tables are made again from the logs that the database keeps. */
@Command(
    name = "indexer-replay",
    header = "Indexes a chain, then makes its tables again by 'tachi indexer replay', node off.",
    mixinStandardHelpOptions = true)
final class ReplayBench implements Callable<Integer> {
  private static final String DATABASE = "replayed";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(names = "--events", description = "50 a block (${DEFAULT-VALUE}).")
  private int events = 1_000_000;

  @Option(
      names = "--java-options",
      split = " ",
      description = "For our indexer, such as -Xmx512m (${DEFAULT-VALUE}).")
  private List<String> javaOptions = List.of("-Xmx512m");

  @Option(names = "--limit", description = "Seconds that each step may take (${DEFAULT-VALUE}).")
  private int limit = 1_800;

  @Override
  public Integer call() throws SQLException {
    Output out = new Output(spec.commandLine().getOut());
    Path folder = Child.folder("replay");
    try (BenchPostgres postgres = BenchPostgres.start(folder.resolve("postgres"))) {
      Expected expected = index(out, postgres, folder);
      postgres.settle();
      double seconds = replay(out, postgres, folder);
      String differences = differences(postgres, expected);
      double rate = expected.payments() / seconds;
      postgres.settle();
      double bare = new CopyLimit(folder.resolve("payments.copy")).seconds(postgres, expected);
      out.line(
          "replay: %,d events in %.1f s, %,.0f events/s; rows and totals %s"
              .formatted(
                  expected.payments(),
                  seconds,
                  rate,
                  differences.isEmpty() ? "equal" : differences));
      out.line("%.2f of a bare COPY's rate".formatted(bare / seconds));
      return differences.isEmpty() ? 0 : 1;
    }
  }

  private Expected index(Output out, BenchPostgres postgres, Path folder) throws SQLException {
    int blocks = BackfillBench.blocks(events);
    try (ReplayProcess node =
        ReplayProcess.start(folder, BackfillBench.nodeOptions(blocks, folder))) {
      Expected expected =
          BackfillBench.read(node, postgres, blocks, folder.resolve("payments.copy"));
      BackfillRun run =
          new BackfillRun(postgres, node, blocks, expected, folder, Duration.ofSeconds(limit));
      Result result = new TachiContender("Tachi", DATABASE, javaOptions).run(run);
      out.line(Result.HEAD);
      out.line(result.row());
      return expected;
    }
  }

  /** Runs the command; returns the seconds from the start of its process to its end. */
  private double replay(Output out, BenchPostgres postgres, Path folder) {
    DatabaseSettings settings = postgres.settings(DATABASE);
    try (Meter database = postgres.meter();
        Child child =
            Child.java(
                "replay-logs",
                javaOptions,
                "network.tachi.app.Main",
                List.of(
                    "indexer",
                    "replay",
                    "--database",
                    settings.jdbcUrl(),
                    "--chain",
                    Tachi.settlementChain().toString()),
                Map.of(
                    "TACHI_DB_PASSWORD",
                    Objects.requireNonNull(settings.passwords().get(DatabaseRole.INDEXER))),
                folder.resolve("replay-logs.log"))) {
      child.awaitSuccess(Duration.ofSeconds(limit));
      double seconds = (System.nanoTime() - child.started()) / 1e9;
      out.line(child.lastWords());
      out.line(
          "replay process: %.1f s CPU, %d MiB at most; PostgreSQL %.1f s CPU"
              .formatted(
                  child.meter().cpuSeconds(),
                  child.meter().peakMebibytes(),
                  database.cpuSeconds()));
      return seconds;
    }
  }

  private static String differences(BenchPostgres postgres, Expected expected) throws SQLException {
    try (Connection connection = postgres.connect(DATABASE)) {
      return TachiContender.differences(expected, connection);
    }
  }
}
