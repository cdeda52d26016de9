package network.tachi.evm;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The members of a key file by their path in lower case, such as {@code crypto.kdfparams.n}; old
 * files differ in case.
 */
final class KeystoreJson {
  private static final int MAX_LENGTH = 1 << 16;
  private static final JsonFactory FACTORY = new JsonFactory();

  private final Map<String, String> values = new HashMap<>();

  private KeystoreJson() {}

  static KeystoreJson parse(String json) {
    if (json.length() > MAX_LENGTH) {
      throw new KeystoreException("the file is too long");
    }
    KeystoreJson result = new KeystoreJson();
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new KeystoreException("the file is no JSON object");
      }
      result.object(parser, "");
    } catch (JacksonException _) {
      throw new KeystoreException("the file is no JSON");
    }
    return result;
  }

  private void object(JsonParser parser, String prefix) {
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      String path = prefix + name.toLowerCase(Locale.ROOT);
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_OBJECT) {
        object(parser, path + ".");
      } else if (token.isStructStart()) {
        parser.skipChildren();
      } else if (token != JsonToken.VALUE_NULL) {
        values.put(path, parser.getString());
      }
    }
  }

  String text(String path) {
    String value = values.get(path);
    if (value == null) {
      throw new KeystoreException(path + " is missing");
    }
    return value;
  }

  @Nullable String optional(String path) {
    return values.get(path);
  }

  int number(String path) {
    String text = text(path);
    if (!text.matches("[0-9]{1,9}")) {
      throw new KeystoreException(path + " is no number within bounds");
    }
    return Integer.parseInt(text);
  }

  /** Hex without a prefix, of so many bytes at least and at most. */
  byte[] hex(String path, int min, int max) {
    byte[] bytes;
    try {
      bytes = Hex.decode(path, "0x" + text(path));
    } catch (InvalidValueException _) {
      throw new KeystoreException(path + " is no hex");
    }
    if (bytes.length < min || bytes.length > max) {
      throw new KeystoreException(
          path + " has " + bytes.length + " bytes, not " + min + " to " + max);
    }
    return bytes;
  }

  void require(String path, String expected) {
    String found = text(path);
    if (!found.equalsIgnoreCase(expected)) {
      throw new KeystoreException("expected " + path + " " + expected + ", found " + found);
    }
  }
}
