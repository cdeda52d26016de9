package network.tachi.server;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * HTTP/2 frames by hand (RFC 9113), for what no well-behaved client does: no window updates, late
 * resets, half a message. Sends headers as literals without indexing; reads frames without decoding
 * headers.
 */
final class RawHttp2 implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  private final Socket socket;
  private final OutputStream out;
  private final DataInputStream in;

  /** One frame as it came. */
  record Frame(int type, int flags, int streamId, ByteBuffer payload) {
    boolean endsStream() {
      return (flags & END_STREAM) != 0;
    }

    int errorCode() {
      return payload.getInt(type == GOAWAY ? 4 : 0);
    }
  }

  RawHttp2(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
    out = socket.getOutputStream();
    in = new DataInputStream(socket.getInputStream());
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(SETTINGS, 0, 0, new byte[0]);
  }

  RawHttp2 frame(int type, int flags, int streamId, byte[] payload) throws IOException {
    byte[] bytes = new byte[9 + payload.length];
    bytes[0] = (byte) (payload.length >>> 16);
    bytes[1] = (byte) (payload.length >>> 8);
    bytes[2] = (byte) payload.length;
    bytes[3] = (byte) type;
    bytes[4] = (byte) flags;
    bytes[5] = (byte) (streamId >>> 24);
    bytes[6] = (byte) (streamId >>> 16);
    bytes[7] = (byte) (streamId >>> 8);
    bytes[8] = (byte) streamId;
    System.arraycopy(payload, 0, bytes, 9, payload.length);
    out.write(bytes);
    return this;
  }

  /** Starts a gRPC call. */
  RawHttp2 grpcHeaders(int streamId, String path, Map<String, String> more) throws IOException {
    return postHeaders(streamId, path, "application/grpc", more);
  }

  /** Starts a POST. */
  RawHttp2 postHeaders(int streamId, String path, String contentType, Map<String, String> more)
      throws IOException {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.write(0x83); // :method: POST
    block.write(0x86); // :scheme: http
    block.write(0x04); // :path:
    string(block, path);
    block.write(0x01); // :authority:
    string(block, "test");
    literal(block, "content-type", contentType);
    literal(block, "te", "trailers");
    for (Map.Entry<String, String> entry : more.entrySet()) {
      literal(block, entry.getKey(), entry.getValue());
    }
    return frame(HEADERS, END_HEADERS, streamId, block.toByteArray());
  }

  RawHttp2 message(int streamId, byte[] message, boolean endStream) throws IOException {
    byte[] framed = new byte[5 + message.length];
    framed[1] = (byte) (message.length >>> 24);
    framed[2] = (byte) (message.length >>> 16);
    framed[3] = (byte) (message.length >>> 8);
    framed[4] = (byte) message.length;
    System.arraycopy(message, 0, framed, 5, message.length);
    return frame(DATA, endStream ? END_STREAM : 0, streamId, framed);
  }

  RawHttp2 reset(int streamId, int code) throws IOException {
    return frame(RST_STREAM, 0, streamId, new byte[] {0, 0, 0, (byte) code});
  }

  RawHttp2 windowUpdate(int streamId, int bytes) throws IOException {
    return frame(
        WINDOW_UPDATE,
        0,
        streamId,
        new byte[] {
          (byte) (bytes >>> 24), (byte) (bytes >>> 16), (byte) (bytes >>> 8), (byte) bytes
        });
  }

  /** Changes one setting of this client. */
  RawHttp2 setting(int id, int value) throws IOException {
    return frame(
        SETTINGS,
        0,
        0,
        new byte[] {
          0,
          (byte) id,
          (byte) (value >>> 24),
          (byte) (value >>> 16),
          (byte) (value >>> 8),
          (byte) value
        });
  }

  private static void literal(ByteArrayOutputStream block, String name, String value) {
    block.write(0);
    string(block, name);
    string(block, value);
  }

  private static void string(ByteArrayOutputStream block, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length >= 127) {
      throw new IllegalArgumentException("too long for this little encoder: " + text);
    }
    block.write(bytes.length);
    block.writeBytes(bytes);
  }

  /** The next frame; settings and pings are answered and skipped. */
  Frame read() throws IOException {
    while (true) {
      int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int streamId = in.readInt() & 0x7fffffff;
      byte[] payload = in.readNBytes(length);
      if (type == SETTINGS && (flags & 1) == 0) {
        frame(SETTINGS, 1, 0, new byte[0]);
      } else if (type != SETTINGS && type != WINDOW_UPDATE) {
        return new Frame(type, flags, streamId, ByteBuffer.wrap(payload));
      }
    }
  }

  /** Reads until a frame ends this stream, by END_STREAM or RST_STREAM. */
  Frame readEndOf(int streamId) throws IOException {
    while (true) {
      Frame frame = read();
      if (frame.type == GOAWAY) {
        throw new AssertionError("the server closed the connection: error " + frame.errorCode());
      }
      if (frame.streamId == streamId && (frame.endsStream() || frame.type == RST_STREAM)) {
        return frame;
      }
    }
  }

  /** True once the server has closed the connection; sends a ping and waits for its answer. */
  boolean isCut() {
    try {
      frame(PING, 0, 0, new byte[8]);
      read();
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
