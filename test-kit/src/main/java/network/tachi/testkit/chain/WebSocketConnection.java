package network.tachi.testkit.chain;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import network.tachi.evm.Hex;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server's side of a websocket (RFC 6455) that carries JSON-RPC and subscriptions to heads. */
final class WebSocketConnection {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int FINAL = 0x80;
  private static final int MASKED = 0x80;
  private static final int TWO_BYTES = 126;
  private static final int EIGHT_BYTES = 127;
  private static final int MAX_MESSAGE = 1 << 24;
  private static final int MAX_WAITING = 1_024;
  private static final AtomicInteger SUBSCRIPTIONS = new AtomicInteger();

  private final ReplayServer server;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final BlockJson json;
  private final Set<String> subscriptions = ConcurrentHashMap.newKeySet();
  private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final ReentrantLock writing = new ReentrantLock();

  WebSocketConnection(ReplayServer server, Socket socket, InputStream in, OutputStream out) {
    this.server = server;
    this.socket = socket;
    this.in = in;
    this.out = out;
    this.json = new BlockJson(server.node().chain());
  }

  /** Answers the handshake, and then messages until one side ends it. */
  void serve(String key) throws IOException {
    out.write(
        ("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
                + "sec-websocket-accept: "
                + accepted(key)
                + "\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    Consumer<Tip> listener = this::announce;
    server.node().onHead(listener);
    Thread writer = Thread.ofVirtual().name("replay-announcer").start(this::write);
    try {
      ByteArrayOutputStream message = new ByteArrayOutputStream();
      boolean open = true;
      while (open) {
        open = frame(message);
      }
    } finally {
      server.node().forget(listener);
      writer.interrupt();
    }
  }

  private static String accepted(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + MAGIC).getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }

  /** Reads a frame and does what it says; false at the end. */
  private boolean frame(ByteArrayOutputStream message) throws IOException {
    int first = in.read();
    if (first < 0) {
      return false;
    }
    byte[] content = content();
    switch (first & 15) {
      case CLOSE -> {
        send(CLOSE, content);
        return false;
      }
      case PING -> {
        if (!server.isDeaf()) {
          send(PONG, content);
        }
      }
      case PONG -> {}
      default -> {
        message.writeBytes(content);
        if ((first & FINAL) != 0) {
          handle(message.toByteArray());
          message.reset();
        }
      }
    }
    return true;
  }

  private byte[] content() throws IOException {
    int second = in.read();
    if ((second & MASKED) == 0) {
      throw new IOException("a frame of a client that is not masked");
    }
    long size =
        switch (second & 127) {
          case TWO_BYTES -> number(2);
          case EIGHT_BYTES -> number(8);
          default -> second & 127;
        };
    if (size > MAX_MESSAGE) {
      throw new IOException("a frame of " + size + " bytes");
    }
    byte[] mask = in.readNBytes(4);
    byte[] content = in.readNBytes((int) size);
    if (content.length < size) {
      throw new EOFException("the frame broke off");
    }
    for (int i = 0; i < content.length; i++) {
      content[i] ^= mask[i & 3];
    }
    return content;
  }

  private long number(int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value = (value << 8) | in.read();
    }
    return value;
  }

  private void handle(byte[] request) throws IOException {
    if (server.isDeaf()) {
      return;
    }
    JsonNode root = JSON.readTree(request);
    Optional<String> result =
        switch (root.path("method").asString("")) {
          case "eth_subscribe" -> subscribe(root.path("params").path(0).asString(""));
          case "eth_unsubscribe" ->
              Optional.of(
                  Boolean.toString(subscriptions.remove(root.path("params").path(0).asString(""))));
          default -> Optional.empty();
        };
    if (result.isPresent()) {
      send(
          TEXT,
          new JsonBytes(128)
              .beginObject()
              .name("jsonrpc")
              .text("2.0")
              .name("id")
              .raw(root.path("id").toString())
              .name("result")
              .raw(result.get())
              .endObject()
              .toBytes());
      return;
    }
    ReplayNode.Answer answer = server.node().answer(request);
    if (answer.fault() instanceof AnswerFault.HangUp) {
      Sockets.close(socket);
    } else if (answer.body().isPresent() && !(answer.fault() instanceof AnswerFault.Silence)) {
      send(TEXT, answer.body().get());
    }
  }

  private Optional<String> subscribe(String what) {
    if (!what.equals("newHeads")) {
      return Optional.empty();
    }
    String id = Hex.quantity(SUBSCRIPTIONS.incrementAndGet());
    subscriptions.add(id);
    return Optional.of('"' + id + '"');
  }

  private void announce(Tip head) {
    if (server.isDeaf()) {
      return;
    }
    for (String id : subscriptions) {
      JsonBytes message = new JsonBytes(4_096);
      message.beginObject().name("jsonrpc").text("2.0").name("method").text("eth_subscription");
      message.name("params").beginObject().name("subscription").text(id).name("result");
      json.head(message, head.block());
      message.endObject().endObject();
      if (!waiting.offer(message.toBytes())) {
        Sockets.close(socket); // as nodes do with a client that does not read
      }
    }
  }

  /** Sends announcements, so that a slow client does not hold up the chain. */
  private void write() {
    try {
      while (!socket.isClosed()) {
        send(TEXT, waiting.take());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException _) {
      Sockets.close(socket);
    }
  }

  private void send(int kind, byte[] content) throws IOException {
    writing.lock();
    try {
      out.write(FINAL | kind);
      if (content.length < TWO_BYTES) {
        out.write(content.length);
      } else if (content.length < 1 << 16) {
        out.write(TWO_BYTES);
        out.write(content.length >> 8);
        out.write(content.length);
      } else {
        out.write(EIGHT_BYTES);
        for (int shift = 56; shift >= 0; shift -= 8) {
          out.write((int) ((long) content.length >> shift));
        }
      }
      out.write(content);
      out.flush();
    } finally {
      writing.unlock();
    }
  }
}
