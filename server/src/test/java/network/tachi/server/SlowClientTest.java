package network.tachi.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Int64Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that send or read too slowly; the time limits are short here. */
@Timeout(60)
class SlowClientTest {
  private static final Duration SHORT = Duration.ofMillis(300);

  private final EchoService echo = new EchoService();
  private final CountDownLatch bodyRead = new CountDownLatch(1);
  private TachiServer server;

  @BeforeEach
  void start() {
    server =
        TachiServer.builder("test")
            .grpc(echo)
            .limits(
                ServerLimits.builder()
                    .headerTimeout(SHORT)
                    .bodyTimeout(SHORT)
                    .writeTimeout(SHORT)
                    .build())
            .http(rules ->
                rules
                    .post(
                        "/read",
                        (req, res) -> {
                          try {
                            res.send(req.content().as(String.class));
                          } finally {
                            bodyRead.countDown();
                          }
                        })
                    .get("/large", (_, res) -> res.send(new byte[64 << 20]))
                    .get("/small", (_, res) -> res.send("small")))
            .start();
  }

  @AfterEach
  void stop() {
    server.stop(Duration.ofSeconds(5));
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
  }

  /** Reads what comes until the server closes; a reset counts as closed. */
  private static String readToEnd(Socket socket) {
    StringBuilder text = new StringBuilder();
    try {
      int b = socket.getInputStream().read();
      while (b != -1) {
        text.append((char) b);
        b = socket.getInputStream().read();
      }
    } catch (java.net.SocketTimeoutException e) {
      throw new AssertionError("still open after " + text.length() + " bytes", e);
    } catch (IOException e) {
      return text.toString();
    }
    return text.toString();
  }

  /** The headers and body of one answer. */
  private static String readAnswer(Socket socket) throws IOException {
    StringBuilder text = new StringBuilder();
    while (!text.toString().endsWith("}")) {
      int b = socket.getInputStream().read();
      if (b == -1) {
        throw new IOException("closed after: " + text);
      }
      text.append((char) b);
    }
    return text.toString();
  }

  @Test
  void bodyRefusedWhileItComes_shouldStillBeTaken() throws Exception {
    byte[] part = new byte[100_000];
    for (int i = 0; i < 20; i++) {
      try (Socket socket = connect()) {
        send(socket, "POST /read HTTP/1.1\r\nHost: test\r\nContent-Length: 2000000\r\n\r\n");
        socket.getOutputStream().write(part);

        assertThat(readAnswer(socket)).startsWith("HTTP/1.1 413").contains("too_large");
        for (int parts = 0; parts < 8; parts++) {
          socket.getOutputStream().write(part);
        }
      }
    }
  }

  @Test
  void bodyRefusedThatNeverEnds_shouldBeCut() throws Exception {
    try (Socket socket = connect()) {
      send(socket, "POST /read HTTP/1.1\r\nHost: test\r\nContent-Length: 2000000\r\n\r\nhalf");

      assertThat(readToEnd(socket)).startsWith("HTTP/1.1 413");
    }
  }

  @Test
  void silentClient_shouldBeCut() throws Exception {
    try (Socket socket = connect()) {
      assertThat(readToEnd(socket)).isEmpty();
    }
  }

  @Test
  void halfAPreface_shouldBeCut() throws Exception {
    try (Socket socket = connect()) {
      send(socket, "PRI * HT");

      readToEnd(socket);
    }
  }

  @Test
  void headersThatNeverEnd_shouldBeCut() throws Exception {
    try (Socket socket = connect()) {
      send(socket, "GET /small HTTP/1.1\r\nHost: test\r\nX-Slow: ");

      assertThat(readToEnd(socket)).doesNotContain("200");
    }
  }

  @Test
  void bodyThatNeverEnds_shouldBeCutOnHttp1() throws Exception {
    try (Socket socket = connect()) {
      send(socket, "POST /read HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\nhalf");

      assertThat(readToEnd(socket)).doesNotContain("HTTP/1.1 200");
      assertThat(bodyRead.await(5, TimeUnit.SECONDS)).isTrue();
      Await.until("no request in work", () -> server.inFlight() == 0);
    }
  }

  @Test
  void bodyThatNobodyReads_shouldBeCutToo() throws Exception {
    try (Socket socket = connect()) {
      send(socket, "POST /nowhere HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\nhalf");

      readToEnd(socket);
      Await.until("no request in work", () -> server.inFlight() == 0);
    }
  }

  @Test
  void bodyThatNeverEnds_shouldBe408OnHttp2() throws Exception {
    try (RawHttp2 raw = new RawHttp2(server.port())) {
      raw.postHeaders(1, "/read", "text/plain", Map.of());
      raw.frame(RawHttp2.DATA, 0, 1, "half".getBytes(US_ASCII));

      RawHttp2.Frame end = raw.readEndOf(1);

      assertThat(StandardCharsets.UTF_8.decode(end.payload()).toString())
          .contains("\"code\":\"request_timeout\"")
          .contains("\"status\":408");
      Await.until("no request in work", () -> server.inFlight() == 0);
    }
  }

  @Test
  void clientThatDoesNotReadHttp1_shouldBeCut() throws Exception {
    try (Socket socket = connect()) {
      send(socket, "GET /large HTTP/1.1\r\nHost: test\r\n\r\n");
      Await.until("in work", () -> server.inFlight() == 1);

      Await.until("no request in work", () -> server.inFlight() == 0);
    }
  }

  @Test
  void clientThatDoesNotReadGrpc_shouldBeCut() throws Exception {
    try (RawHttp2 raw = new RawHttp2(server.port())) {
      raw.windowUpdate(0, 1 << 30);
      raw.setting(4, 1 << 30);
      raw.grpcHeaders(1, "/test.Echo/Down", Map.of());
      raw.message(1, Int64Value.of(64_000).toByteArray(), true);
      Await.until("in work", () -> server.inFlight() == 1);

      Await.until("no call in work", () -> server.inFlight() == 0);
    }
  }

  @Test
  void idleKeepAliveConnection_shouldStayOpen() throws Exception {
    try (Socket socket = connect()) {
      long startedAt = System.nanoTime();
      send(socket, "GET /small HTTP/1.1\r\nHost: test\r\n\r\n");
      Await.until("answered", () -> available(socket) > 0);
      Await.until(
          "three time limits have passed",
          () -> System.nanoTime() - startedAt > 3 * SHORT.toNanos());
      send(socket, "GET /small HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");

      assertThat(readToEnd(socket)).containsSubsequence("small", "small");
    }
  }

  private static int available(Socket socket) {
    try {
      return socket.getInputStream().available();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
