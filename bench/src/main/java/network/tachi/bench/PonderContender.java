package network.tachi.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Ponder on plain RPC. */
final class PonderContender extends PeerContender {
  private final int port = FreePort.find();

  PonderContender() {
    super("Ponder 0.16.10", "ponder");
  }

  @Override
  void prepare(Connection connection) {
    Sql.number(connection, "SELECT 1"); // it makes its own tables
  }

  @Override
  List<String> command(Map<String, String> environment) {
    environment.put("PONDER_TELEMETRY_DISABLED", "true");
    Child.delete(project().resolve(".ponder"));
    return List.of(
        "node",
        "node_modules/ponder/dist/esm/bin/ponder.js",
        "start",
        "--schema",
        "bench",
        "--hostname",
        "127.0.0.1",
        "--port",
        Integer.toString(port));
  }

  @Override
  BooleanSupplier done(Connection connection, long lastBlock) {
    HttpClient http = HttpClient.newHttpClient();
    HttpRequest ready =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ready"))
            .timeout(Duration.ofSeconds(1))
            .build();
    return () -> {
      try {
        return http.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
      } catch (IOException _) {
        return false; // it listens only after a while
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new BenchException("interrupted", e);
      }
    };
  }

  @Override
  String payments() {
    return "bench.payment";
  }

  @Override
  String totals() {
    return "SELECT license_id, amount, payments FROM bench.license_total";
  }
}
