package network.tachi.testkit.chain;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** One connection of HTTP/1.1, request after request, or of a websocket. */
final class HttpConnection {
  private static final int BUFFER = 1 << 16;
  private static final int MAX_LINE = 8_192;
  private static final int MAX_BODY = 1 << 24;
  private static final long LOOK_AGAIN_NANOS = 10_000_000;

  private final ReplayServer server;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  HttpConnection(ReplayServer server, Socket socket) throws IOException {
    this.server = server;
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream(), BUFFER);
    this.out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
  }

  /** Answers until the other side has no more requests, or a fault ends the connection. */
  void serve() throws IOException {
    boolean more = true;
    while (more) {
      String start = line();
      if (start.isEmpty()) {
        return;
      }
      Map<String, String> headers = headers();
      String key = headers.get("sec-websocket-key");
      if (key != null) {
        new WebSocketConnection(server, socket, in, out).serve(key);
        return;
      }
      byte[] body = body(headers);
      awaitHearing();
      more = answer(server.node().answer(body), headers);
    }
  }

  private void awaitHearing() {
    while (server.isDeaf() && !socket.isClosed()) {
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
  }

  /** Sends an answer; false if the connection must end. */
  private boolean answer(ReplayNode.Answer answer, Map<String, String> headers) throws IOException {
    byte[] body = answer.body().orElseGet(() -> new byte[0]);
    switch (answer.fault()) {
      case AnswerFault.None _, AnswerFault.Reversed _, AnswerFault.WrongIds _ ->
          send(200, Map.of(), body, headers);
      case AnswerFault.Status(int status, Map<String, String> more, String text) ->
          send(status, more, text.getBytes(StandardCharsets.UTF_8), headers);
      case AnswerFault.Instead(String text) ->
          send(200, Map.of(), text.getBytes(StandardCharsets.UTF_8), headers);
      case AnswerFault.Shortened(double share) -> send(200, Map.of(), part(body, share), headers);
      case AnswerFault.CutOff(double share) -> {
        head(200, Map.of(), body.length);
        out.write(part(body, share));
        out.flush();
        return false;
      }
      case AnswerFault.HangUp _ -> {
        return false;
      }
      case AnswerFault.Silence _ -> {
        while (in.read() >= 0) {
          Thread.onSpinWait();
        }
        return false;
      }
      case AnswerFault.Late(var delay) -> {
        long end = System.nanoTime() + delay.toNanos();
        for (long left = delay.toNanos(); left > 0; left = end - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        send(200, Map.of(), body, headers);
      }
    }
    return !"close".equalsIgnoreCase(headers.get("connection"));
  }

  private static byte[] part(byte[] body, double share) {
    return Arrays.copyOf(body, (int) (body.length * share));
  }

  private void send(
      int status, Map<String, String> more, byte[] body, Map<String, String> requestHeaders)
      throws IOException {
    if (accepts(requestHeaders) && body.length > MAX_LINE) {
      byte[] packed = packed(body);
      Map<String, String> all = new HashMap<>(more);
      all.put("content-encoding", "gzip");
      head(status, all, packed.length);
      out.write(packed);
    } else {
      head(status, more, body.length);
      out.write(body);
    }
    out.flush();
  }

  private boolean accepts(Map<String, String> headers) {
    return server.compresses()
        && Optional.ofNullable(headers.get("accept-encoding")).orElse("").contains("gzip");
  }

  private static byte[] packed(byte[] body) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(body.length / 4);
    try (GZIPOutputStream gzip = new FastGzip(packed)) {
      gzip.write(body);
    }
    return packed.toByteArray();
  }

  /** GZIP at the level that costs least. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream target) throws IOException {
      super(target, BUFFER);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  private void head(int status, Map<String, String> more, int length) throws IOException {
    StringBuilder head = new StringBuilder(128);
    head.append("HTTP/1.1 ").append(status).append(status == 200 ? " OK" : " No").append("\r\n");
    head.append("content-type: application/json\r\ncontent-length: ").append(length);
    more.forEach((name, value) -> head.append("\r\n").append(name).append(": ").append(value));
    out.write(head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  private Map<String, String> headers() throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    return headers;
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    String length = headers.get("content-length");
    if (length != null) {
      int size = Integer.parseInt(length);
      if (size > MAX_BODY) {
        throw new IOException("a request of " + size + " bytes");
      }
      byte[] body = in.readNBytes(size);
      if (body.length < size) {
        throw new EOFException("the request broke off");
      }
      return body;
    }
    return "chunked".equalsIgnoreCase(headers.get("transfer-encoding")) ? chunks() : new byte[0];
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int size;
    do {
      size = Integer.parseInt(line().strip(), 16);
      body.writeBytes(in.readNBytes(size));
      line();
    } while (size > 0 && body.size() <= MAX_BODY);
    return body.toByteArray();
  }

  /** The next line without its end; empty at the end of the connection too. */
  private String line() throws IOException {
    StringBuilder line = new StringBuilder(64);
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.append((char) next);
      }
      if (line.length() > MAX_LINE) {
        throw new IOException("a line of more than " + MAX_LINE + " characters");
      }
    }
    return line.toString();
  }
}
