package network.tachi.evm.rpc.pool;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import network.tachi.evm.rpc.FakeNode;
import org.jspecify.annotations.Nullable;

/** An endpoint of a pool under test: behaves until it is told not to. */
final class PoolNode implements AutoCloseable {
  private static final Pattern METHOD = Pattern.compile("\"method\":\"(\\w+)\"");

  private final FakeNode node = new FakeNode(this::answer);
  private final CountDownLatch closing = new CountDownLatch(1);

  volatile String chainId = "0x1";
  volatile String block = recorded("eth-block");
  volatile String blockNumber = "0x10";
  volatile @Nullable String error;
  volatile int status = 200;
  volatile boolean silent;
  volatile int delayMillis;
  volatile String onlyMethod = "";

  static String recorded(String name) {
    try (InputStream in =
        Objects.requireNonNull(PoolNode.class.getResourceAsStream("/rpc/" + name + ".json"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void answer(HttpExchange exchange, String request) throws IOException {
    Matcher matcher = METHOD.matcher(request);
    String method = matcher.find() ? matcher.group(1) : "";
    boolean affected = onlyMethod.isEmpty() || onlyMethod.equals(method);
    if (affected && silent) {
      await();
      return;
    }
    pause();
    String wrong = error;
    String body;
    if (affected && wrong != null) {
      body = "{\"id\":#0,\"error\":" + wrong + "}";
    } else if (affected && status != 200) {
      body = "";
    } else {
      body = "{\"id\":#0,\"result\":" + result(method) + "}";
    }
    if (request.startsWith("[")) {
      body = "[" + body + "]";
    }
    FakeNode.send(exchange, affected ? status : 200, FakeNode.fill(body, request));
  }

  private void await() {
    try {
      closing.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void pause() {
    try {
      Thread.sleep(delayMillis);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private String result(String method) {
    return switch (method) {
      case "eth_chainId" -> "\"" + chainId + "\"";
      case "eth_blockNumber" -> "\"" + blockNumber + "\"";
      case "eth_getBlockByNumber" -> block;
      case "eth_syncing" -> "false";
      case "eth_sendRawTransaction" -> "\"0x" + "11".repeat(32) + "\"";
      default -> "null";
    };
  }

  void recover() {
    error = null;
    status = 200;
    silent = false;
    onlyMethod = "";
  }

  URI uri() {
    return node.uri();
  }

  String name() {
    return "127.0.0.1:" + node.uri().getPort();
  }

  /** The requests of a method so far. */
  long asked(String method) {
    return methods().stream().filter(method::equals).count();
  }

  private List<String> methods() {
    return node.requests.stream()
        .map(METHOD::matcher)
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1))
        .collect(Collectors.toList());
  }

  @Override
  public void close() {
    closing.countDown();
    node.close();
  }
}
