package network.tachi.evm.rpc;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.Hex;
import network.tachi.evm.InvalidValueException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads JSON as a stream of tokens, with the types of Ethereum's JSON-RPC. It stands on one value;
 * readers of containers move it through. A value of the wrong form is an {@link
 * InvalidValueException}, broken JSON a {@code JacksonException}; {@link JsonRpcClient} turns both
 * into {@link RpcException.Malformed}.
 */
public final class JsonInput implements AutoCloseable {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(200)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final byte[] source;
  private final int start;
  private final JsonParser parser;

  /** Opens bytes and moves to the first value. */
  JsonInput(byte[] source, int start, int end) {
    this.source = source;
    this.start = start;
    this.parser = FACTORY.createParser(ObjectReadContext.empty(), source, start, end - start);
    if (parser.nextToken() == null) {
      throw new InvalidValueException("JSON", "a value", "nothing");
    }
  }

  /** Opens a JSON text. */
  static JsonInput of(String json) {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return new JsonInput(bytes, 0, bytes.length);
  }

  /** Reads one member of an object. */
  @FunctionalInterface
  public interface MemberReader {
    /** Called on each member's value; a container that is not read is skipped. */
    void read(String name, JsonInput value);
  }

  /** Whether the value is null. */
  public boolean isNull() {
    return parser.currentToken() == JsonToken.VALUE_NULL;
  }

  /** Whether the value is an array. */
  public boolean isArray() {
    return parser.currentToken() == JsonToken.START_ARRAY;
  }

  /** Whether the value is an object. */
  public boolean isObject() {
    return parser.currentToken() == JsonToken.START_OBJECT;
  }

  /** Whether the value is a string. */
  public boolean isText() {
    return parser.currentToken() == JsonToken.VALUE_STRING;
  }

  /** Reads an object member by member. */
  public void object(String field, MemberReader reader) {
    if (!isObject()) {
      throw unexpected(field, "an object");
    }
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      parser.nextToken();
      reader.read(name, this);
      skip();
    }
  }

  /** Reads an array. */
  public <T> List<T> array(String field, ResultReader<T> reader) {
    if (!isArray()) {
      throw unexpected(field, "an array");
    }
    List<T> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(reader.read(this));
      skip();
    }
    return items;
  }

  /** Reads the value unless it is null. */
  public <T> @Nullable T nullable(ResultReader<T> reader) {
    return isNull() ? null : reader.read(this);
  }

  /** A string. */
  public String text(String field) {
    if (!isText()) {
      throw unexpected(field, "a string");
    }
    return parser.getString();
  }

  /** A boolean. */
  public boolean bool(String field) {
    return switch (parser.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case null, default -> throw unexpected(field, "true or false");
    };
  }

  /** A number below 2^63 as a hex quantity, or as a plain number, which some nodes write. */
  public long quantity(String field) {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      return checkPlain(field, plainNumber(field)).longValueExact();
    }
    return Hex.parseQuantity(field, text(field));
  }

  /** A number below 2^31 as a hex quantity or a plain number. */
  public int intQuantity(String field) {
    long value = quantity(field);
    if (value > Integer.MAX_VALUE) {
      throw new InvalidValueException(field, "a number below 2^31", Long.toString(value));
    }
    return (int) value;
  }

  /** A number of up to 256 bits as a hex quantity or a plain number. */
  public BigInteger bigQuantity(String field) {
    if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
      return plainNumber(field);
    }
    return Hex.parseBigQuantity(field, text(field));
  }

  /** A floating-point number, as {@code eth_feeHistory} has. */
  public double decimal(String field) {
    JsonToken token = parser.currentToken();
    if (token == null || !token.isNumeric()) {
      throw unexpected(field, "a number");
    }
    return parser.getDoubleValue();
  }

  /** Exactly 32 bytes in hex. */
  public Hash hash(String field) {
    byte[] bytes = hex(field);
    if (bytes.length != Hash.SIZE) {
      throw new InvalidValueException(field, "32 bytes", bytes.length + " bytes");
    }
    return Hash.read(bytes, 0);
  }

  /** Exactly 20 bytes in hex; the case of the digits means nothing. */
  public Address address(String field) {
    byte[] bytes = hex(field);
    if (bytes.length != Address.SIZE) {
      throw new InvalidValueException(field, "20 bytes", bytes.length + " bytes");
    }
    return Address.read(bytes, 0);
  }

  /** Bytes in hex. */
  public Bytes bytes(String field) {
    return Bytes.wrap(hex(field));
  }

  /** The value's JSON text as it was sent. */
  public String json() {
    int from = position(parser.currentTokenLocation().getByteOffset());
    skip();
    parser.finishToken();
    int to = position(parser.currentLocation().getByteOffset());
    return new String(source, from, to - from, StandardCharsets.UTF_8);
  }

  /** Where the value begins in the bytes, and moves to its end. */
  int skipFrom() {
    int from = position(parser.currentTokenLocation().getByteOffset());
    skip();
    return from;
  }

  /** Where the value, which was skipped, ends in the bytes. */
  int end() {
    parser.finishToken();
    return position(parser.currentLocation().getByteOffset());
  }

  /** Throws unless nothing but blanks is left. */
  void requireEnd() {
    if (parser.nextToken() != null) {
      throw unexpected("JSON", "nothing after the value");
    }
  }

  @Override
  public void close() {
    parser.close();
  }

  private int position(long offset) {
    return Math.toIntExact(start + offset);
  }

  private void skip() {
    parser.skipChildren();
  }

  private byte[] hex(String field) {
    if (!isText()) {
      throw unexpected(field, "hex");
    }
    return Hex.decode(
        field, parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength());
  }

  private BigInteger plainNumber(String field) {
    BigInteger value = parser.getBigIntegerValue();
    if (value.signum() < 0 || value.bitLength() > 256) {
      throw new InvalidValueException(field, "a number of at most 256 bits", value.toString());
    }
    return value;
  }

  private static BigInteger checkPlain(String field, BigInteger value) {
    if (value.bitLength() > 63) {
      throw new InvalidValueException(field, "a number below 2^63", value.toString());
    }
    return value;
  }

  private InvalidValueException unexpected(String field, String expected) {
    return new InvalidValueException(field, expected, String.valueOf(parser.currentToken()));
  }
}
