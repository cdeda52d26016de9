package network.tachi.server;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** {@code /live}, {@code /ready} and {@code /metrics}; never open to the internet. */
final class AdminRoutes implements HttpService {
  /** What is answered even when clients are refused. */
  static final Set<String> PATHS = Set.of("/live", "/ready", "/metrics");

  private static final Header JSON =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");
  private static final Header PROMETHEUS =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, Metrics.CONTENT_TYPE);

  private final Health health;
  private final Metrics metrics;

  AdminRoutes(Health health, Metrics metrics) {
    this.health = health;
    this.metrics = metrics;
  }

  @Override
  public void routing(HttpRules rules) {
    rules
        .get("/live", (_, response) -> report(response, health.liveReport()))
        .get("/ready", (_, response) -> report(response, health.readyReport()))
        .get(
            "/metrics",
            (_, response) -> {
              response.header(PROMETHEUS);
              response.send(metrics.scrape().getBytes(StandardCharsets.UTF_8));
            });
  }

  private static void report(ServerResponse response, Health.Report report) {
    response.status(report.ok() ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503);
    response.header(JSON);
    response.send(report.json());
  }
}
