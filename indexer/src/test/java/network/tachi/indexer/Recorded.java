package network.tachi.indexer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Answers of a real node, kept as resources. */
final class Recorded {
  private Recorded() {}

  /** The result's JSON text. */
  static String result(String name) {
    try (InputStream in = Recorded.class.getResourceAsStream("/rpc/" + name + ".json")) {
      if (in == null) {
        throw new IllegalArgumentException("no recording " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
