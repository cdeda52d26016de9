package network.tachi.app.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The publishers' own web site behind the gateway, for every domain: a few articles, and
 * robots.txt.
 */
public final class DemoSite implements AutoCloseable {
  private static final Pattern ARTICLE = Pattern.compile("/articles/([1-9]\\d{0,3})");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private DemoSite(HttpServer server) {
    this.server = server;
  }

  /** Starts it on a port of loopback. */
  public static DemoSite start(int port) {
    Ports.requireFree(port, "demo site");
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 256);
      DemoSite site = new DemoSite(server);
      server.setExecutor(site.threads);
      server.createContext("/", DemoSite::answer);
      server.start();
      return site;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the demo site", e);
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      Matcher article = ARTICLE.matcher(path);
      if (path.equals("/robots.txt")) {
        send(exchange, 200, "text/plain", "User-agent: *\nAllow: /\n");
      } else if (path.equals("/")) {
        send(
            exchange,
            200,
            "text/html",
            "<h1>Welcome</h1><p>Articles are under <a href=\"/articles/1\">/articles/</a>.</p>\n");
      } else if (article.matches()) {
        send(
            exchange,
            200,
            "text/html",
            "<h1>Article " + article.group(1) + "</h1><p>Worth every unit.</p>\n");
      } else {
        send(exchange, 404, "text/plain", "no such page\n");
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("content-type", type + "; charset=utf-8");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
