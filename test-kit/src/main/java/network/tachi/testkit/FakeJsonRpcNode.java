package network.tachi.testkit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JSON-RPC node that says what the test tells it to, over real HTTP: for faults that a real node
 * can't be made to have. A test gives a function from call to answer; it may pass calls on to a
 * real node and change what comes back.
 */
public final class FakeJsonRpcNode implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  /** One call of a request. */
  public record Call(String id, String method, String params) {}

  /** What the node does with a call. */
  public sealed interface Answer {
    /** A result, as JSON text. */
    record Result(String json) implements Answer {}

    /** A JSON-RPC error. */
    record Failure(int code, String message) implements Answer {}

    /** This text as the whole body, whatever else was asked in the same request. */
    record Body(String text) implements Answer {}

    /** An HTTP status instead of an answer. */
    record Status(int status) implements Answer {}

    /** The connection is closed without an answer. */
    record HangUp() implements Answer {}
  }

  private final HttpServer server;
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private volatile Function<Call, Answer> script;

  private FakeJsonRpcNode(HttpServer server, Function<Call, Answer> script) {
    this.server = server;
    this.script = script;
  }

  /** Starts a node on a free port of loopback. */
  public static FakeJsonRpcNode start(Function<Call, Answer> script) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      FakeJsonRpcNode node = new FakeJsonRpcNode(server, script);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", node::handle);
      server.start();
      return node;
    } catch (IOException e) {
      throw new UncheckedIOException("the fake node did not start", e);
    }
  }

  /** Changes what the node says from now on. */
  public void script(Function<Call, Answer> next) {
    script = next;
  }

  /** All calls so far, oldest first. */
  public List<Call> calls() {
    return List.copyOf(calls);
  }

  /** Its endpoint. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
      boolean batch = request.isArray();
      List<String> replies = new ArrayList<>();
      for (JsonNode one : batch ? request.values() : List.of(request)) {
        Call call =
            new Call(
                one.path("id").toString(),
                one.path("method").asString(),
                one.path("params").toString());
        calls.add(call);
        switch (script.apply(call)) {
          case Answer.Result result ->
              replies.add(
                  "{\"jsonrpc\":\"2.0\",\"id\":"
                      + call.id()
                      + ",\"result\":"
                      + result.json()
                      + "}");
          case Answer.Failure failure ->
              replies.add(
                  "{\"jsonrpc\":\"2.0\",\"id\":"
                      + call.id()
                      + ",\"error\":{\"code\":"
                      + failure.code()
                      + ",\"message\":"
                      + JSON.writeValueAsString(failure.message())
                      + "}}");
          case Answer.Body body -> {
            send(exchange, 200, body.text());
            return;
          }
          case Answer.Status status -> {
            send(exchange, status.status(), "");
            return;
          }
          case Answer.HangUp _ -> {
            return;
          }
        }
      }
      send(
          exchange,
          200,
          batch ? replies.stream().collect(Collectors.joining(",", "[", "]")) : replies.getFirst());
    }
  }

  private static void send(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("content-type", "application/json");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
