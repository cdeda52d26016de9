package network.tachi.testkit.chain;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.Hex;

/**
 * JSON written into a growing array, without a string or a tree in between: a server that is to be
 * no limit writes hundreds of megabytes a second. Names and plain texts must need no escapes. Not
 * for use by many threads.
 */
final class JsonBytes {
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] buffer;
  private int size;
  private boolean comma;
  private final byte[] word = new byte[Hash.SIZE];

  JsonBytes(int capacity) {
    buffer = new byte[capacity];
  }

  JsonBytes beginObject() {
    return open('{');
  }

  JsonBytes endObject() {
    return close('}');
  }

  JsonBytes beginArray() {
    return open('[');
  }

  JsonBytes endArray() {
    return close(']');
  }

  private JsonBytes open(char bracket) {
    separate();
    ensure(1);
    buffer[size++] = (byte) bracket;
    comma = false;
    return this;
  }

  private JsonBytes close(char bracket) {
    ensure(1);
    buffer[size++] = (byte) bracket;
    comma = true;
    return this;
  }

  /** A member's name; its value follows. */
  @SuppressWarnings("deprecation") // the one that copies ASCII without a decoder
  JsonBytes name(String name) {
    separate();
    int length = name.length();
    ensure(length + 3);
    buffer[size++] = '"';
    name.getBytes(0, length, buffer, size);
    size += length;
    buffer[size++] = '"';
    buffer[size++] = ':';
    comma = false;
    return this;
  }

  /** JSON as it is. */
  JsonBytes raw(String json) {
    return raw(json.getBytes(StandardCharsets.UTF_8));
  }

  /** JSON as it is. */
  JsonBytes raw(byte[] json) {
    return raw(json, json.length);
  }

  private JsonBytes raw(byte[] json, int length) {
    separate();
    ensure(length);
    System.arraycopy(json, 0, buffer, size, length);
    size += length;
    comma = true;
    return this;
  }

  /** All that another one holds: a value, or a member of an object. */
  JsonBytes value(JsonBytes other) {
    return raw(other.buffer, other.size);
  }

  JsonBytes nothing() {
    return raw("null");
  }

  JsonBytes text(String plain) {
    return raw('"' + plain + '"');
  }

  JsonBytes hash(Hash value) {
    value.writeTo(word, 0);
    return hex(word, Hash.SIZE);
  }

  JsonBytes address(Address value) {
    value.writeTo(word, 0);
    return hex(word, Address.SIZE);
  }

  JsonBytes bytes(Bytes value) {
    byte[] array = value.toArray();
    return hex(array, array.length);
  }

  JsonBytes quantity(long value) {
    return text(Hex.quantity(value));
  }

  JsonBytes quantity(BigInteger value) {
    return text(Hex.quantity(value));
  }

  private JsonBytes hex(byte[] bytes, int length) {
    separate();
    ensure(2 * length + 4);
    buffer[size++] = '"';
    buffer[size++] = '0';
    buffer[size++] = 'x';
    for (int i = 0; i < length; i++) {
      buffer[size++] = DIGITS[(bytes[i] >> 4) & 15];
      buffer[size++] = DIGITS[bytes[i] & 15];
    }
    buffer[size++] = '"';
    comma = true;
    return this;
  }

  int size() {
    return size;
  }

  byte[] toBytes() {
    return Arrays.copyOf(buffer, size);
  }

  @Override
  public String toString() {
    return new String(buffer, 0, size, StandardCharsets.UTF_8);
  }

  private void separate() {
    if (comma) {
      ensure(1);
      buffer[size++] = ',';
    }
  }

  private void ensure(int more) {
    if (buffer.length - size < more) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, Math.addExact(size, more)));
    }
  }
}
