package network.tachi.gateway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** A publisher's own server on a real socket. */
final class TestOrigin implements AutoCloseable {
  /** What it was asked. */
  record Seen(String method, String uri, Map<String, List<String>> headers) {}

  private final HttpServer server;
  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

  TestOrigin() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  List<Seen> seen() {
    return List.copyOf(seen);
  }

  /** Makes requests for a path wait until the latch opens. */
  CountDownLatch hold(String path) {
    CountDownLatch gate = new CountDownLatch(1);
    gates.put(path, gate);
    return gate;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    seen.add(
        new Seen(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            new ConcurrentHashMap<>(exchange.getRequestHeaders())));
    CountDownLatch gate = gates.get(path);
    if (gate != null) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    exchange.getResponseHeaders().set("Content-Type", "text/plain");
    exchange.getResponseHeaders().set("ETag", "\"v1\"");
    exchange.getResponseHeaders().set("Payment-Response", "forged");
    if (path.endsWith("/broken")) {
      exchange.close();
    } else if (path.endsWith("/missing")) {
      send(exchange, 404, "no such page");
    } else if (path.endsWith("/error")) {
      send(exchange, 500, "out of order");
    } else if (path.endsWith("/moved")) {
      exchange.getResponseHeaders().set("Location", "http://127.0.0.1:1/elsewhere");
      send(exchange, 302, "");
    } else if (path.endsWith("/huge")) {
      send(exchange, 200, "x".repeat(300_000));
    } else if ("\"v1\"".equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
      exchange.sendResponseHeaders(304, -1);
      exchange.close();
    } else {
      send(exchange, 200, "content of " + path + " no. " + seen.size());
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    boolean none = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, none ? -1 : bytes.length);
    if (!none) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  @Override
  public void close() {
    gates.values().forEach(CountDownLatch::countDown);
    server.stop(0);
  }
}
