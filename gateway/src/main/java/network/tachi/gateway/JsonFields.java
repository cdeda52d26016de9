package network.tachi.gateway;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Uint256;
import network.tachi.evm.UsdcAmount;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the typed fields of a JSON object. Every complaint is a {@link MalformedPaymentException}
 * that names the field by its path.
 */
final class JsonFields {
  /** Reads and writes the JSON of x402. */
  static final JsonMapper MAPPER = JsonMapper.shared();

  private static final int MAX_CHARS = 16_384;

  private final String path;
  private final JsonNode node;

  private JsonFields(String path, JsonNode node) {
    this.path = path;
    this.node = node;
  }

  /** An object in standard padded base64, as x402 puts it in headers. */
  static JsonFields base64(String name, String value) {
    if (value.length() > MAX_CHARS) {
      throw new MalformedPaymentException(
          name, "at most " + MAX_CHARS + " characters", value.length() + "");
    }
    byte[] json;
    try {
      json = Base64.getDecoder().decode(value.strip());
    } catch (IllegalArgumentException _) {
      throw new MalformedPaymentException(name, "standard base64 of a JSON object", shorten(value));
    }
    return json(name, json);
  }

  /** An object in UTF-8 JSON. */
  static JsonFields json(String name, byte[] json) {
    try {
      JsonNode node = MAPPER.readTree(json);
      if (node.isObject()) {
        return new JsonFields(name, node);
      }
    } catch (JacksonException _) {
      throw new MalformedPaymentException(
          name, "a JSON object", shorten(new String(json, StandardCharsets.UTF_8)));
    }
    throw new MalformedPaymentException(name, "a JSON object", "another value");
  }

  /** An empty object to write. */
  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** An object's bytes. */
  static byte[] write(ObjectNode object) {
    return MAPPER.writeValueAsBytes(object);
  }

  /** An object in standard padded base64. */
  static String writeBase64(ObjectNode object) {
    return Base64.getEncoder().encodeToString(write(object));
  }

  /** A member that is an object. */
  JsonFields object(String name) {
    return find(name)
        .orElseThrow(() -> new MalformedPaymentException(at(name), "a JSON object", found(name)));
  }

  /** A member that is an object; empty if it is missing or something else. */
  Optional<JsonFields> find(String name) {
    JsonNode member = node.path(name);
    return member.isObject() ? Optional.of(new JsonFields(at(name), member)) : Optional.empty();
  }

  boolean has(String name) {
    return node.has(name);
  }

  int integer(String name) {
    JsonNode member = node.path(name);
    if (!member.isInt()) {
      throw new MalformedPaymentException(at(name), "a whole number", found(name));
    }
    return member.intValue();
  }

  String text(String name) {
    return findText(name)
        .orElseThrow(() -> new MalformedPaymentException(at(name), "a string", found(name)));
  }

  Optional<String> findText(String name) {
    JsonNode member = node.path(name);
    return member.isString() ? Optional.of(member.stringValue()) : Optional.empty();
  }

  Address address(String name) {
    return value(name, "an address", Address::parse);
  }

  Hash hash(String name) {
    return value(name, "0x and 64 hex digits", Hash::parse);
  }

  Bytes bytes(String name) {
    return value(name, "0x and hex digits", Bytes::parse);
  }

  UsdcAmount amount(String name) {
    return value(name, "a decimal string of atomic units", UsdcAmount::parse);
  }

  LicenseId license(String name) {
    return value(name, "a decimal string, 1 to 2^63-1", LicenseId::parse);
  }

  BigInteger uint(String name) {
    return value(name, "a decimal string below 2^256", text -> Uint256.parseDecimal(name, text));
  }

  ChainId caip2(String name) {
    return value(name, "a CAIP-2 name such as eip155:8453", ChainId::parseCaip2);
  }

  private <T> T value(String name, String expected, Function<String, T> parse) {
    String text = text(name);
    try {
      return parse.apply(text);
    } catch (InvalidValueException _) {
      throw new MalformedPaymentException(at(name), expected, shorten(text));
    }
  }

  private String at(String name) {
    return path + "." + name;
  }

  private String found(String name) {
    JsonNode member = node.path(name);
    return member.isMissingNode() ? "nothing" : shorten(member.toString());
  }

  private static String shorten(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "...";
  }
}
