package network.tachi.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import network.tachi.evm.rpc.Log;
import network.tachi.evm.rpc.LogFilter;
import network.tachi.testkit.chain.GeneratedContracts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How fast a chain full of payments is indexed from nothing, by us and by others. */
@Command(
    name = "indexer-backfill",
    header = "Indexes a chain from nothing, with our indexer, Ponder, Subsquid and a bare COPY.",
    description = {
      "All in one run, one after the other, on one PostgreSQL, from one replay server. The peers"
          + " are installed by 'npm ci --ignore-scripts' in bench/peers/ponder and"
          + " bench/peers/subsquid."
    },
    mixinStandardHelpOptions = true)
final class BackfillBench implements Callable<Integer> {
  private static final int EVENTS_A_BLOCK = 50;
  private static final int RANGE = 100;

  /** More than any peer wants between the head and what it takes for final. */
  private static final String TAIL = "100";

  /** Who can take part. */
  enum Who {
    OURS,
    SUBSQUID,
    PONDER,
    COPY
  }

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(names = "--events", description = "50 a block (${DEFAULT-VALUE}).")
  private int events = 1_000_000;

  @Option(names = "--only", split = ",", description = "Some of ${COMPLETION-CANDIDATES} (all).")
  private Set<Who> only = EnumSet.allOf(Who.class);

  @Option(names = "--runs", description = "How often each takes part (${DEFAULT-VALUE}).")
  private int runs = 1;

  @Option(
      names = "--java-options",
      split = " ",
      description = "For our indexer, such as -Xmx512m (${DEFAULT-VALUE}).")
  private List<String> javaOptions = List.of("-Xmx512m");

  @Option(names = "--limit", description = "Seconds that each may take (${DEFAULT-VALUE}).")
  private int limit = 1_800;

  @Override
  public Integer call() throws SQLException {
    int blocks = blocks(events);
    Path folder = Child.folder("backfill");
    Output out = new Output(spec.commandLine().getOut());
    out.line("Making " + blocks + " blocks of " + EVENTS_A_BLOCK + " payments");
    try (ReplayProcess node = ReplayProcess.start(folder, nodeOptions(blocks, folder));
        BenchPostgres postgres = BenchPostgres.start(folder.resolve("postgres"))) {
      Path rows = folder.resolve("payments.copy");
      Expected expected = read(node, postgres, blocks, rows);
      BackfillRun run =
          new BackfillRun(postgres, node, blocks, expected, folder, Duration.ofSeconds(limit));
      List<Result> results = new ArrayList<>();
      for (int round = 1; round <= runs; round++) {
        for (Contender contender : contenders(rows)) {
          postgres.settle();
          out.line("Running " + contender.name());
          Result result = contender.run(run);
          results.add(result);
          out.line(result.row());
          dropDatabases(postgres);
        }
      }
      report(out, results);
      return results.stream().allMatch(result -> result.fault().isEmpty()) ? 0 : 1;
    }
  }

  /** How many blocks hold so many events. */
  static int blocks(int events) {
    return Math.max(1, events / EVENTS_A_BLOCK);
  }

  /** What the replay server needs to know. */
  static List<String> nodeOptions(int blocks, Path folder) {
    return List.of(
        "--blocks",
        Integer.toString(blocks),
        "--tail",
        TAIL,
        "--spool",
        folder.resolve("receipts.json").toString());
  }

  private List<Contender> contenders(Path rows) {
    List<Contender> contenders = new ArrayList<>();
    for (Who who : only) {
      contenders.add(
          switch (who) {
            case OURS -> new TachiContender("Tachi", "tachi_bench", javaOptions);
            case SUBSQUID -> new SubsquidContender();
            case PONDER -> new PonderContender();
            case COPY -> new CopyLimit(rows);
          });
    }
    return contenders;
  }

  /** Reads all payments once, for the sums that all must reach and for the rows to copy. */
  static Expected read(ReplayProcess node, BenchPostgres postgres, long blocks, Path rows)
      throws SQLException {
    Expected expected = new Expected();
    postgres.tachi("columns");
    try (Connection connection = postgres.connect("columns");
        CopyFile file =
            new CopyFile(rows, CopyLimit.columns(connection), Tachi.settlementChain().value())) {
      for (long from = 1; from <= blocks; from += RANGE) {
        List<Log> logs =
            node.settlementRpc()
                .logs(
                    LogFilter.range(
                        from,
                        Math.min(blocks, from + RANGE - 1),
                        List.of(GeneratedContracts.DEFAULT.payments())));
        expected.add(logs);
        file.add(logs);
      }
    }
    return expected;
  }

  /** Databases that stay would be vacuumed while the next contender runs. */
  private static void dropDatabases(BenchPostgres postgres) throws SQLException {
    try (Connection connection = postgres.connect("postgres")) {
      for (List<String> database :
          Sql.rows(
              connection,
              "SELECT datname FROM pg_database WHERE datname NOT IN"
                  + " ('postgres', 'tachi') AND NOT datistemplate")) {
        postgres.execute("postgres", "DROP DATABASE " + database.getFirst() + " WITH (FORCE)");
      }
      for (List<String> role :
          Sql.rows(
              connection, "SELECT rolname FROM pg_roles WHERE rolname IN ('ponder', 'subsquid')")) {
        postgres.execute("postgres", "DROP ROLE " + role.getFirst());
      }
    }
  }

  private static void report(Output out, List<Result> results) {
    out.line("");
    out.line(Result.HEAD);
    results.forEach(result -> out.line(result.row()));
    out.line("");
    results.stream()
        .filter(result -> result.name().equals("Tachi"))
        .findFirst()
        .ifPresent(ours ->
            results.stream()
                .filter(other -> !other.equals(ours))
                .forEach(other ->
                    out.line(
                        "Tachi's rate is %.2f of that of %s"
                            .formatted(ours.perSecond() / other.perSecond(), other.name()))));
  }
}
