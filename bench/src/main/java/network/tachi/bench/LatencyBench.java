package network.tachi.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import network.tachi.evm.ChainId;
import network.tachi.evm.rpc.EthRpc;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How long after its announcement a block's rows can be read. */
@Command(
    name = "indexer-latency",
    header = "Two chains at a block each 200 ms: from the announcement of a head to readable rows.",
    mixinStandardHelpOptions = true)
final class LatencyBench implements Callable<Integer> {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int BEFORE = 100;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(names = "--seconds", description = "How long (${DEFAULT-VALUE}).")
  private int seconds = 60;

  @Option(names = "--block-millis", description = "Between two blocks (${DEFAULT-VALUE}).")
  private int blockMillis = 200;

  @Option(names = "--logs", description = "Payments in each block (${DEFAULT-VALUE}).")
  private int logs = 2;

  @Option(names = "--java-options", split = " ", description = "For the indexer.")
  private List<String> javaOptions = List.of("-Xmx512m");

  @Override
  public Integer call() throws SQLException {
    Output out = new Output(spec.commandLine().getOut());
    int blocks = seconds * 1000 / blockMillis;
    List<String> nodeOptions =
        List.of(
            "--blocks",
            Integer.toString(BEFORE),
            "--anchor-blocks",
            Integer.toString(BEFORE),
            "--anchor-busy",
            "--transactions",
            "1",
            "--logs",
            Integer.toString(logs));
    try (LiveRun run = LiveRun.start("latency", nodeOptions, javaOptions);
        Connection connection = run.connect()) {
      Tachi indexer = run.indexer();
      run.awaitHeads(connection);
      double cpuBefore = indexer.child().meter().cpuSeconds();
      try (HeadReader settlement = new HeadReader(run.reader(), Tachi.settlementChain(), BEFORE);
          HeadReader anchor = new HeadReader(run.reader(), Tachi.anchorChain(), BEFORE)) {
        String play = "[" + blockMillis + "," + blocks + "]";
        run.node().settlementRpc().request("replay_play", play);
        run.node().anchorRpc().request("replay_play", play);
        long last = (long) BEFORE + blocks;
        for (ChainId chain : List.of(Tachi.settlementChain(), Tachi.anchorChain())) {
          indexer
              .child()
              .await(
                  "follows to the end",
                  Duration.ofSeconds(seconds + 60L),
                  () -> Tachi.indexed(connection, chain) >= last);
        }
        Waiting.until(
            "the readers see the end",
            Duration.ofSeconds(10),
            () -> settlement.readable().containsKey(last) && anchor.readable().containsKey(last));
        out.line("settlement: " + latency(run.node().settlementRpc(), settlement));
        out.line("anchor:     " + latency(run.node().anchorRpc(), anchor));
        out.line(
            "indexer: %.1f %% of a core"
                .formatted(100 * (indexer.child().meter().cpuSeconds() - cpuBefore) / seconds));
      }
    }
    return 0;
  }

  private static Percentiles latency(EthRpc rpc, HeadReader reader) {
    Map<Long, Long> readable = reader.readable();
    List<Double> millis = new ArrayList<>();
    for (JsonNode each : JSON.readTree(rpc.request("replay_announcements", "[]"))) {
      Long seen = readable.get(each.get(0).asLong());
      if (seen != null) {
        millis.add((seen - each.get(1).asLong()) / 1e3);
      }
    }
    return new Percentiles(millis);
  }
}
