package network.tachi.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import network.tachi.evm.rpc.EthRpc;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** What following a head costs the endpoint. */
@Command(
    name = "indexer-head-calls",
    header = "Calls to the node a block at the head, where one block in 100 has our logs.",
    mixinStandardHelpOptions = true)
final class HeadCallsBench implements Callable<Integer> {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int BEFORE = 200;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(names = "--blocks", description = "How many (${DEFAULT-VALUE}).")
  private int blocks = 500;

  @Option(names = "--block-millis", description = "Between two blocks (${DEFAULT-VALUE}).")
  private int blockMillis = 200;

  @Option(names = "--every", description = "One block in so many has logs (${DEFAULT-VALUE}).")
  private int every = 100;

  @Override
  public Integer call() throws SQLException {
    Output out = new Output(spec.commandLine().getOut());
    List<String> nodeOptions =
        List.of(
            "--blocks",
            Integer.toString(BEFORE),
            "--every",
            Integer.toString(every),
            "--logs",
            "5");
    try (LiveRun run = LiveRun.start("head-calls", nodeOptions, List.of("-Xmx512m"));
        Connection connection = run.connect()) {
      Tachi indexer = run.indexer();
      run.awaitHeads(connection);
      indexer.child().requireAlive();
      EthRpc rpc = run.node().settlementRpc();
      Map<String, Long> before = calls(rpc);
      rpc.request("replay_play", "[" + blockMillis + "," + blocks + "]");
      run.awaitIndexed(connection, Tachi.settlementChain(), BEFORE + blocks);
      Map<String, Long> after = calls(rpc);
      after.replaceAll((method, count) -> count - before.getOrDefault(method, 0L));
      long requests = after.getOrDefault("requests", 0L) - 2;
      long calls =
          after.entrySet().stream()
              .filter(each -> each.getKey().startsWith("eth_"))
              .mapToLong(Map.Entry::getValue)
              .sum();
      out.line(
          "%d blocks: %.3f calls and %.3f requests a block"
              .formatted(blocks, (double) calls / blocks, (double) requests / blocks));
      after.forEach((method, count) -> {
        if (count > 0 && method.startsWith("eth_")) {
          out.line("  " + method + " " + count);
        }
      });
    }
    return 0;
  }

  private static Map<String, Long> calls(EthRpc rpc) {
    Map<String, Long> calls = new TreeMap<>();
    JSON.readTree(rpc.request("replay_calls", "[]"))
        .properties()
        .forEach(each -> calls.put(each.getKey(), each.getValue().asLong()));
    return calls;
  }
}
