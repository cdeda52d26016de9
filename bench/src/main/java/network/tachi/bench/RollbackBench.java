package network.tachi.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.EthRpc;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How long a deep reorg takes, and whether readers ever see two forks at once. */
@Command(
    name = "indexer-rollback",
    header = "Replaces the newest blocks, full of payments, while readers look.",
    mixinStandardHelpOptions = true)
final class RollbackBench implements Callable<Integer> {
  private static final int BELOW = 100;
  private static final int SAMPLES = 20;
  private static final int READERS = 2;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(names = "--depth", description = "Blocks to replace, 50 rows each (${DEFAULT-VALUE}).")
  private int depth = 600;

  @Option(
      names = "--empty",
      description = "The blocks of the new fork hold nothing: only what is undone is measured.")
  private boolean empty;

  @Option(names = "--java-options", split = " ", description = "For the indexer.")
  private List<String> javaOptions = List.of("-Xmx512m");

  @Override
  public Integer call() throws SQLException, IOException, InterruptedException {
    Output out = new Output(spec.commandLine().getOut());
    String lag = Integer.toString(depth + BELOW);
    List<String> nodeOptions =
        List.of("--blocks", Integer.toString(depth + BELOW), "--safe", lag, "--finalized", lag);
    try (LiveRun run = LiveRun.start("rollback", nodeOptions, javaOptions);
        Connection connection = run.connect()) {
      Tachi indexer = run.indexer();
      run.awaitHeads(connection);
      EthRpc rpc = run.node().settlementRpc();
      List<Long> heights =
          LongStream.rangeClosed(1, SAMPLES).mapToObj(i -> BELOW + i * depth / SAMPLES).toList();
      Set<Hash> old = hashes(rpc, heights);
      String before = head(connection);
      try (ForkReaders readers = new ForkReaders(run, heights, READERS)) {
        String replacement = empty ? "NOTHING" : "OTHER";
        rpc.request("replay_reorg", "[%d,%d,\"%s\"]".formatted(depth, depth + 1, replacement));
        long start = System.nanoTime();
        String wanted = rpc.blockByNumber(rpc.blockNumber()).orElseThrow().hash().toString();
        Waiting.until(
            "the store is on the new fork",
            Duration.ofMinutes(10),
            () -> {
              indexer.child().requireAlive();
              return head(connection).equals(wanted);
            });
        long end = System.nanoTime();
        long mixed = readers.mixed(old, hashes(rpc, heights));
        out.line(
            "%d blocks with %,d rows replaced by %s: %.0f ms from the new head to its rows (%s before)"
                .formatted(
                    depth,
                    50 * depth,
                    empty ? "empty ones" : "as many",
                    (end - start) / 1e6,
                    before.substring(0, 10)));
        metrics(indexer)
            .lines()
            .filter(line -> line.contains("reorg_duration") && !line.startsWith("#"))
            .forEach(out::line);
        out.line("%,d reads, %d of them of two forks".formatted(readers.reads(), mixed));
        return mixed == 0 ? 0 : 1;
      }
    }
  }

  private static String head(Connection connection) {
    return Sql.rows(
            connection,
            "SELECT '0x' || encode(head_hash, 'hex') FROM chain.checkpoint WHERE chain_id = "
                + Tachi.settlementChain())
        .getFirst()
        .getFirst();
  }

  private static Set<Hash> hashes(EthRpc rpc, List<Long> heights) {
    return heights.stream()
        .map(height -> rpc.blockByNumber(height).orElseThrow().hash())
        .collect(Collectors.toSet());
  }

  private static String metrics(Tachi indexer) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + indexer.adminPort() + "/metrics"))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
