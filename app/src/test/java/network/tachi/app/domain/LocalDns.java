package network.tachi.app.domain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A DNS server over UDP on loopback (RFC 1035) that knows some TXT records. */
final class LocalDns implements AutoCloseable {
  private static final int NAME_ERROR = 3;
  private static final int SERVER_FAILURE = 2;
  private final DatagramSocket socket;
  private final Map<String, List<String>> records;
  private final boolean failing;

  private LocalDns(DatagramSocket socket, Map<String, List<String>> records, boolean failing) {
    this.socket = socket;
    this.records = records;
    this.failing = failing;
  }

  /** A server with records by name, lower case, no trailing dot. */
  static LocalDns with(Map<String, List<String>> records) {
    return start(records, false);
  }

  /** A server that always says SERVFAIL. */
  static LocalDns failing() {
    return start(Map.of(), true);
  }

  private static LocalDns start(Map<String, List<String>> records, boolean failing) {
    try {
      LocalDns dns =
          new LocalDns(new DatagramSocket(0, InetAddress.getLoopbackAddress()), records, failing);
      Thread.ofVirtual().start(dns::serve);
      return dns;
    } catch (SocketException e) {
      throw new UncheckedIOException(e);
    }
  }

  String server() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  private void serve() {
    byte[] buffer = new byte[512];
    while (!socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
        byte[] answer = answer(ByteBuffer.wrap(buffer, 0, packet.getLength()));
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private byte[] answer(ByteBuffer query) {
    short id = query.getShort();
    query.position(12);
    StringBuilder name = new StringBuilder();
    for (int length = query.get(); length > 0; length = query.get()) {
      byte[] label = new byte[length];
      query.get(label);
      name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
    }
    int questionEnd = query.position() + 4;
    List<String> texts = records.get(name.toString().toLowerCase(Locale.ROOT));
    int code = failing ? SERVER_FAILURE : texts == null ? NAME_ERROR : 0;
    List<String> found = texts == null ? List.of() : texts;
    ByteBuffer out = ByteBuffer.allocate(4096);
    out.putShort(id).putShort((short) (0x8580 | code)).putShort((short) 1);
    out.putShort((short) found.size()).putInt(0);
    out.put(query.duplicate().position(12).limit(questionEnd));
    for (String text : found) {
      byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
      out.putShort((short) 0xc00c).putShort((short) 16).putShort((short) 1).putInt(60);
      out.putShort((short) (bytes.length + 1)).put((byte) bytes.length).put(bytes);
    }
    byte[] answer = new byte[out.position()];
    out.flip().get(answer);
    return answer;
  }

  @Override
  public void close() {
    socket.close();
  }
}
