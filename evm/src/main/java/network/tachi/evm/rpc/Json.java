package network.tachi.evm.rpc;

import java.util.Collection;
import java.util.StringJoiner;

/** Writes the small JSON texts of requests. */
final class Json {
  private Json() {}

  /** A string literal. */
  static String string(String value) {
    StringBuilder out = new StringBuilder(value.length() + 2).append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }

  /** A string literal of a value whose text needs no escapes, such as hex. */
  static String plain(Object value) {
    return "\"" + value + "\"";
  }

  /** An array of JSON texts. */
  static String array(Collection<String> items) {
    return "[" + String.join(",", items) + "]";
  }

  /** An array of JSON texts. */
  static String array(String... items) {
    return "[" + String.join(",", items) + "]";
  }

  /** A new object to which {@code "name":value} texts are added. */
  static StringJoiner object() {
    return new StringJoiner(",", "{", "}");
  }

  /** A member of an object. */
  static String member(String name, String value) {
    return "\"" + name + "\":" + value;
  }
}
