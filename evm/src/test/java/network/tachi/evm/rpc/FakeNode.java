package network.tachi.evm.rpc;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An HTTP server on a free port whose answers a test writes. */
public final class FakeNode implements AutoCloseable {
  private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  public final List<String> requests = new CopyOnWriteArrayList<>();
  final List<String> authorizations = new CopyOnWriteArrayList<>();
  final Set<Integer> connections = new HashSet<>();

  /** Writes an answer to a request. */
  @FunctionalInterface
  public interface Answer {
    void write(HttpExchange exchange, String request) throws IOException;
  }

  public FakeNode(Answer answer) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    server.setExecutor(executor);
    server.createContext("/", exchange -> handle(exchange, answer));
    server.start();
  }

  private void handle(HttpExchange exchange, Answer answer) throws IOException {
    try (exchange) {
      String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      requests.add(request);
      authorizations.addAll(exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
      synchronized (connections) {
        connections.add(exchange.getRemoteAddress().getPort());
      }
      answer.write(exchange, request);
    }
  }

  /**
   * Answers every request with this body, in which {@code #0}, {@code #1} ... stand for the
   * request's ids.
   */
  public static FakeNode json(String body) {
    return status(200, body);
  }

  /** Answers every request with this status and body. */
  public static FakeNode status(int status, String body) {
    return new FakeNode((exchange, request) -> send(exchange, status, fill(body, request)));
  }

  public static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  public static String fill(String body, String request) {
    List<String> ids = new ArrayList<>();
    Matcher matcher = ID.matcher(request);
    while (matcher.find()) {
      ids.add(matcher.group(1));
    }
    String filled = body;
    for (int i = 0; i < ids.size(); i++) {
      filled = filled.replace("#" + i, ids.get(i));
    }
    return filled;
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1/secret-key");
  }

  JsonRpcClient client() {
    return client(JsonRpcOptions.DEFAULTS);
  }

  JsonRpcClient client(JsonRpcOptions options) {
    return new JsonRpcClient(uri(), options);
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
