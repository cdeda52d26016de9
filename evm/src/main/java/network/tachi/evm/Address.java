package network.tachi.evm;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A 20-byte account address, printed with the checksum of EIP-55. Ordered as unsigned bytes. */
public final class Address implements Comparable<Address> {
  /** The number of bytes. */
  public static final int SIZE = 20;

  /** The address of all zeros. */
  public static final Address ZERO = new Address(0, 0, 0);

  private final long a;
  private final long b;
  private final int c;

  private Address(long a, long b, int c) {
    this.a = a;
    this.b = b;
    this.c = c;
  }

  /**
   * Copies exactly 20 bytes.
   *
   * @throws InvalidValueException if there are more or fewer
   */
  public static Address of(byte[] bytes) {
    if (bytes.length != SIZE) {
      throw new InvalidValueException("address", "20 bytes", bytes.length + " bytes");
    }
    return read(bytes, 0);
  }

  /**
   * Reads 20 bytes at an offset.
   *
   * @throws IndexOutOfBoundsException if the array ends before
   */
  public static Address read(byte[] bytes, int offset) {
    return new Address(
        BigEndian.getLong(bytes, offset),
        BigEndian.getLong(bytes, offset + 8),
        BigEndian.getInt(bytes, offset + 16));
  }

  /**
   * Reads {@code 0x} and 40 hex digits; if their case is mixed it must be the checksum of EIP-55.
   *
   * @throws InvalidValueException if the form or the checksum is wrong
   */
  public static Address parse(CharSequence text) {
    Address address = read(Hex.decode("address", text, SIZE), 0);
    String digits = text.subSequence(2, text.length()).toString();
    boolean mixed =
        !digits.equals(digits.toLowerCase(Locale.ROOT))
            && !digits.equals(digits.toUpperCase(Locale.ROOT));
    if (mixed && !address.toString().regionMatches(2, digits, 0, digits.length())) {
      throw new InvalidValueException("address", "EIP-55 checksum " + address, text.toString());
    }
    return address;
  }

  /**
   * Reads an address from an ABI word, whose first 12 bytes must be zero.
   *
   * @throws InvalidValueException if they are not
   */
  public static Address fromWord(Hash word) {
    byte[] bytes = word.toBytes();
    if (BigEndian.getLong(bytes, 0) != 0 || BigEndian.getInt(bytes, 8) != 0) {
      throw new InvalidValueException(
          "address", "a word with 12 leading zero bytes", word.toString());
    }
    return read(bytes, 12);
  }

  /** The address as an ABI word: 12 zero bytes, then the address. */
  public Hash toWord() {
    byte[] word = new byte[Hash.SIZE];
    writeTo(word, 12);
    return Hash.read(word, 0);
  }

  /** A copy of the 20 bytes. */
  public byte[] toBytes() {
    byte[] bytes = new byte[SIZE];
    writeTo(bytes, 0);
    return bytes;
  }

  /** Writes the 20 bytes at an offset. */
  public void writeTo(byte[] target, int offset) {
    BigEndian.putLong(target, offset, a);
    BigEndian.putLong(target, offset + 8, b);
    BigEndian.putInt(target, offset + 16, c);
  }

  /** Whether this is the address of all zeros. */
  public boolean isZero() {
    return (a | b | c) == 0;
  }

  /** Lower-case hex with the {@code 0x} prefix, for places that do not take a checksum. */
  public String toLowerCaseString() {
    return Hex.encode(toBytes());
  }

  @Override
  public int compareTo(Address other) {
    int order = Long.compareUnsigned(a, other.a);
    if (order == 0) {
      order = Long.compareUnsigned(b, other.b);
    }
    return order != 0 ? order : Integer.compareUnsigned(c, other.c);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Address address && a == address.a && b == address.b && c == address.c;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(a * 31 + b) * 31 + c;
  }

  /** Hex with the {@code 0x} prefix and the checksum of EIP-55. */
  @Override
  public String toString() {
    byte[] text = Hex.encode(toBytes()).getBytes(StandardCharsets.ISO_8859_1);
    byte[] hash = Keccak.hashToBytes(text, 2, text.length - 2);
    for (int i = 0; i < 2 * SIZE; i++) {
      int nibble = (i & 1) == 0 ? (hash[i >> 1] >> 4) & 15 : hash[i >> 1] & 15;
      if (nibble >= 8 && text[i + 2] >= 'a') {
        text[i + 2] = (byte) (text[i + 2] - 32);
      }
    }
    return new String(text, StandardCharsets.ISO_8859_1);
  }
}
