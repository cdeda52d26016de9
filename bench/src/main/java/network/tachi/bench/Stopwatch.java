package network.tachi.bench;

import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Measures a contender's process, the database and the node while it works. */
final class Stopwatch implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final BackfillRun run;
  private final Child child;
  private final Meter database;
  private final Meter node;
  private final Map<String, Long> callsBefore;
  private long firstAt;
  private long firstRows;

  /** Begins at the start of a process. */
  Stopwatch(BackfillRun run, Child child) {
    this.run = run;
    this.child = child;
    this.database = run.postgres().meter();
    this.node = run.node().meter();
    this.callsBefore = calls(run);
  }

  private static Map<String, Long> calls(BackfillRun run) {
    JsonNode counts = JSON.readTree(run.node().settlementRpc().request("replay_calls", "[]"));
    Map<String, Long> calls = new java.util.TreeMap<>();
    counts.properties().forEach(each -> calls.put(each.getKey(), each.getValue().asLong()));
    return calls;
  }

  /** Notes the first rows, once there are any. */
  void look(LongSupplier rows) {
    if (firstRows == 0) {
      firstRows = rows.getAsLong();
      firstAt = System.nanoTime();
    }
  }

  /** What was measured up to now. */
  Result stop(String name, Supplier<String> check) {
    long end = System.nanoTime();
    double cpu = child.meter().cpuSeconds();
    double databaseCpu = database.cpuSeconds();
    double nodeCpu = node.cpuSeconds();
    Map<String, Long> calls = calls(run);
    calls.replaceAll((method, count) -> count - callsBefore.getOrDefault(method, 0L));
    long requests = calls.getOrDefault("requests", 0L) - 1;
    long all =
        calls.entrySet().stream()
            .filter(each -> each.getKey().startsWith("eth_"))
            .mapToLong(Map.Entry::getValue)
            .sum();
    long events = run.expected().payments();
    return new Result(
        name,
        events,
        (end - child.started()) / 1e9,
        (end - firstAt) / 1e9,
        events - firstRows,
        cpu,
        child.meter().peakMebibytes(),
        databaseCpu,
        nodeCpu,
        requests,
        all,
        check.get());
  }

  @Override
  public void close() {
    database.close();
    node.close();
  }
}
