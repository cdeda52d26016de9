package network.tachi.app.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** HTTP as the demo's people use it. */
final class Http implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  HttpResponse<String> get(URI uri, Map<String, String> headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(TIMEOUT);
    headers.forEach(request::header);
    return send(request.build());
  }

  /**
   * Gets JSON.
   *
   * @throws DemoException unless the status is 200
   */
  JsonNode json(URI uri) {
    return body(get(uri, Map.of()));
  }

  /**
   * Posts JSON and gets JSON.
   *
   * @throws DemoException unless the status is 200
   */
  JsonNode post(URI uri, JsonNode body) {
    return body(
        send(
            HttpRequest.newBuilder(uri)
                .timeout(TIMEOUT)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.MAPPER.writeValueAsString(body)))
                .build()));
  }

  private static JsonNode body(HttpResponse<String> response) {
    if (response.statusCode() != 200) {
      throw new DemoException(
          response.request().method()
              + " "
              + response.uri()
              + ": status "
              + response.statusCode()
              + ": "
              + response.body());
    }
    return Json.MAPPER.readTree(response.body());
  }

  private HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new DemoException(
          "cannot reach " + request.uri() + " (is ./tachi up running?): " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoException("interrupted", e);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
