package network.tachi.server;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The health of one process, which runs one role or several. Ready if every role is ready; live
 * unless a role says that only a restart helps.
 */
public final class Health {
  private final Map<String, Readiness> ready = new ConcurrentSkipListMap<>();
  private final Map<String, Readiness> live = new ConcurrentSkipListMap<>();
  private volatile boolean stopping;

  private Health() {}

  /** No roles: ready and live. */
  public static Health create() {
    return new Health();
  }

  /** Adds a role's readiness. */
  public Health role(String name, Readiness readiness) {
    ready.put(requireNonNull(name, "name is null"), requireNonNull(readiness, "readiness is null"));
    return this;
  }

  /** Adds what must hold for a role to be worth keeping alive; failing means: restart me. */
  public Health liveness(String name, Readiness liveness) {
    live.put(requireNonNull(name, "name is null"), requireNonNull(liveness, "liveness is null"));
    return this;
  }

  /** From now on not ready, so that no new calls are sent here; {@link TachiServer} calls it. */
  public void stopping() {
    stopping = true;
  }

  /** True if every role is ready, and the process is not stopping. */
  public boolean isReady() {
    return !stopping && ready.values().stream().allMatch(r -> r.failures().isEmpty());
  }

  /** Readiness of all roles, evaluated once. */
  Report readyReport() {
    return report(ready, stopping);
  }

  /** Liveness of all roles, evaluated once. */
  Report liveReport() {
    return report(live, false);
  }

  private static Report report(Map<String, Readiness> roles, boolean stopping) {
    Map<String, List<Readiness.Failure>> result = new TreeMap<>();
    roles.forEach((role, readiness) -> result.put(role, readiness.failures()));
    return new Report(result, stopping);
  }

  /** What each role said. */
  record Report(Map<String, List<Readiness.Failure>> roles, boolean stopping) {
    boolean ok() {
      return !stopping && roles.values().stream().allMatch(List::isEmpty);
    }

    /**
     * For example {@code
     * {"status":"not_ready","roles":{"oracle":{"ready":false,"reasons":[{"check":
     * "database","reason":"database_unreachable","detail":"..."}]}}}}.
     */
    byte[] json() {
      StringBuilder out = new StringBuilder("{\"status\":\"");
      out.append(ok() ? "ok" : stopping ? "stopping" : "failing").append("\",\"roles\":{");
      String separator = "";
      for (Map.Entry<String, List<Readiness.Failure>> role : roles.entrySet()) {
        Json.quote(out.append(separator), role.getKey());
        out.append(":{\"ok\":").append(role.getValue().isEmpty()).append(",\"reasons\":[");
        String inner = "";
        for (Readiness.Failure failure : role.getValue()) {
          Json.quote(out.append(inner).append("{\"check\":"), failure.check());
          Json.quote(out.append(",\"reason\":"), failure.state().reason());
          Json.quote(out.append(",\"detail\":"), failure.state().detail()).append('}');
          inner = ",";
        }
        out.append("]}");
        separator = ",";
      }
      return out.append("}}").toString().getBytes(StandardCharsets.UTF_8);
    }
  }
}
