package network.tachi.bench;

import java.util.Locale;

/**
 * What a contender took.
 *
 * @param name who
 * @param events how many
 * @param seconds from the start of its process to the last row, totals and indexes
 * @param steadySeconds the same from its first rows on, which are not counted
 * @param steadyEvents the events after its first rows
 * @param cpuSeconds of its processes
 * @param peakMebibytes resident memory of its processes
 * @param databaseCpuSeconds of PostgreSQL
 * @param nodeCpuSeconds of the replay server
 * @param requests to the node, batches counted as one
 * @param calls to the node
 * @param fault what is wrong with what it stored; empty if nothing is
 */
record Result(
    String name,
    long events,
    double seconds,
    double steadySeconds,
    long steadyEvents,
    double cpuSeconds,
    long peakMebibytes,
    double databaseCpuSeconds,
    double nodeCpuSeconds,
    long requests,
    long calls,
    String fault) {
  static final String HEAD =
      """
      | who | events | seconds | events/s from start | steady events/s | CPU s | CPU us/event | peak RSS MiB | PostgreSQL CPU s | node CPU s | requests | calls | rows and totals |
      |---|---|---|---|---|---|---|---|---|---|---|---|---|\
      """;

  double perSecond() {
    return events / seconds;
  }

  double cpuMicros() {
    return cpuSeconds * 1e6 / events;
  }

  String row() {
    return String.format(
        Locale.ROOT,
        "| %s | %,d | %.1f | %,.0f | %,.0f | %.1f | %.1f | %d | %.1f | %.1f | %,d | %,d | %s |",
        name,
        events,
        seconds,
        perSecond(),
        steadyEvents / Math.max(steadySeconds, 1e-3),
        cpuSeconds,
        cpuMicros(),
        peakMebibytes,
        databaseCpuSeconds,
        nodeCpuSeconds,
        requests,
        calls,
        fault.isEmpty() ? "equal" : fault);
  }
}
