package network.tachi.app.domain;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import network.tachi.evm.Bytes;

/**
 * An HTTP/1.1 answer of a stranger (RFC 9112), read to a limit.
 *
 * @param status three digits
 * @param body without transfer coding
 */
record HttpAnswer(int status, Bytes body) {
  private static final int MAX_LINE = 8 * 1024;
  private static final int MAX_LINES = 100;

  /**
   * Reads one answer.
   *
   * @throws IOException if it is none, or longer than the limit
   */
  static HttpAnswer read(InputStream in, int limit) throws IOException {
    String start = line(in);
    if (!start.matches("HTTP/1\\.[01] [1-5][0-9]{2}( .*)?")) {
      throw new IOException("not HTTP/1.1");
    }
    int status = Integer.parseInt(start.substring(9, 12));
    Map<String, String> headers = headers(in);
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      return new HttpAnswer(status, Bytes.wrap(chunks(in, limit)));
    }
    String length = headers.getOrDefault("content-length", "");
    if (length.isEmpty()) {
      byte[] body = in.readNBytes(limit + 1);
      return new HttpAnswer(status, Bytes.wrap(bounded(body, body.length, limit)));
    }
    int size = size(length, 10, limit);
    byte[] body = in.readNBytes(size);
    if (body.length < size) {
      throw new IOException("the answer ends early");
    }
    return new HttpAnswer(status, Bytes.wrap(body));
  }

  private static Map<String, String> headers(InputStream in) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (int i = 0; i < MAX_LINES; i++) {
      String line = line(in);
      if (line.isEmpty()) {
        return headers;
      }
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    throw new IOException("more than " + MAX_LINES + " header lines");
  }

  private static byte[] chunks(InputStream in, int limit) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      int size = size(line(in).split(";", 2)[0].strip(), 16, limit);
      if (size == 0) {
        return body.toByteArray();
      }
      byte[] chunk = in.readNBytes(size);
      if (chunk.length < size || !line(in).isEmpty()) {
        throw new IOException("the answer ends early");
      }
      body.writeBytes(chunk);
      bounded(chunk, body.size(), limit);
    }
  }

  private static int size(String text, int radix, int limit) throws IOException {
    try {
      long size = Long.parseLong(text, radix);
      if (size >= 0 && size <= limit) {
        return (int) size;
      }
    } catch (NumberFormatException e) {
      throw new IOException("no length: " + text, e);
    }
    throw new IOException("more than " + limit + " bytes");
  }

  private static byte[] bounded(byte[] bytes, int size, int limit) throws IOException {
    if (size > limit) {
      throw new IOException("more than " + limit + " bytes");
    }
    return bytes;
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (line.size() <= MAX_LINE) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the answer ends early");
      }
      if (next == '\n') {
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
      }
      line.write(next);
    }
    throw new IOException("a header line is longer than " + MAX_LINE + " bytes");
  }
}
