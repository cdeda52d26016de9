package network.tachi.evm;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** One test vector: the members of a JSON object, by name. */
record Vector(Map<String, Object> members) {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** Reads a file of one object a line. */
  static List<Vector> load(String name) {
    try (InputStream in = Vector.class.getResourceAsStream("/vectors/" + name + ".jsonl")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().map(Vector::parse).toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Vector parse(String line) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), line)) {
      parser.nextToken();
      return new Vector(object(parser));
    }
  }

  private static Map<String, Object> object(JsonParser parser) {
    Map<String, Object> members = new LinkedHashMap<>();
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      parser.nextToken();
      Object value = value(parser);
      if (value != null) {
        members.put(name, value);
      }
    }
    return members;
  }

  private static @Nullable Object value(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> new Vector(object(parser));
      case START_ARRAY -> {
        List<Object> items = new ArrayList<>();
        for (var token = parser.nextToken(); !token.isStructEnd(); token = parser.nextToken()) {
          items.add(Objects.requireNonNull(value(parser)));
        }
        yield items;
      }
      case VALUE_NULL -> null;
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> parser.getString();
    };
  }

  boolean has(String name) {
    return members.containsKey(name);
  }

  Object get(String name) {
    return Objects.requireNonNull(members.get(name), name);
  }

  String text(String name) {
    return (String) get(name);
  }

  Vector object(String name) {
    return (Vector) get(name);
  }

  List<?> list(String name) {
    return (List<?>) get(name);
  }

  List<Vector> objects(String name) {
    return list(name).stream().map(Vector.class::cast).toList();
  }

  Hash hash(String name) {
    return Hash.parse(text(name));
  }

  Bytes bytes(String name) {
    return Bytes.parse(text(name));
  }

  Address address(String name) {
    return Address.parse(text(name));
  }

  BigInteger number(String name) {
    return new BigInteger(text(name));
  }

  PrivateKey secret() {
    return PrivateKey.parse(text("secret"));
  }
}
