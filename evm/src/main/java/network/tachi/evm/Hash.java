package network.tachi.evm;

import java.math.BigInteger;

/**
 * 32 bytes: a Keccak-256 hash, a transaction or block hash, or any other {@code bytes32}. Ordered
 * as unsigned bytes.
 */
public final class Hash implements Comparable<Hash> {
  /** The number of bytes. */
  public static final int SIZE = 32;

  /** All bytes zero. */
  public static final Hash ZERO = new Hash(0, 0, 0, 0);

  private final long a;
  private final long b;
  private final long c;
  private final long d;

  private Hash(long a, long b, long c, long d) {
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
  }

  /**
   * Copies exactly 32 bytes.
   *
   * @throws InvalidValueException if there are more or fewer
   */
  public static Hash of(byte[] bytes) {
    if (bytes.length != SIZE) {
      throw new InvalidValueException("hash", "32 bytes", bytes.length + " bytes");
    }
    return read(bytes, 0);
  }

  /**
   * Reads 32 bytes at an offset.
   *
   * @throws IndexOutOfBoundsException if the array ends before
   */
  public static Hash read(byte[] bytes, int offset) {
    return new Hash(
        BigEndian.getLong(bytes, offset),
        BigEndian.getLong(bytes, offset + 8),
        BigEndian.getLong(bytes, offset + 16),
        BigEndian.getLong(bytes, offset + 24));
  }

  /**
   * Reads {@code 0x} and 64 hex digits.
   *
   * @throws InvalidValueException if the text has another form
   */
  public static Hash parse(CharSequence text) {
    return read(Hex.decode("hash", text, SIZE), 0);
  }

  /**
   * The word of an unsigned number, big-endian.
   *
   * @throws InvalidValueException if it is negative or wider than 256 bits
   */
  public static Hash ofUint(BigInteger value) {
    return read(Uint256.toBytes(value), 0);
  }

  /**
   * The word of a non-negative number, big-endian.
   *
   * @throws InvalidValueException if it is negative
   */
  public static Hash ofUint(long value) {
    if (value < 0) {
      throw new InvalidValueException("uint256", "a non-negative number", Long.toString(value));
    }
    return new Hash(0, 0, 0, value);
  }

  /** The word read as an unsigned big-endian number. */
  public BigInteger toUint() {
    return new BigInteger(1, toBytes());
  }

  /** A copy of the 32 bytes. */
  public byte[] toBytes() {
    byte[] bytes = new byte[SIZE];
    writeTo(bytes, 0);
    return bytes;
  }

  /** Writes the 32 bytes at an offset. */
  public void writeTo(byte[] target, int offset) {
    BigEndian.putLong(target, offset, a);
    BigEndian.putLong(target, offset + 8, b);
    BigEndian.putLong(target, offset + 16, c);
    BigEndian.putLong(target, offset + 24, d);
  }

  /** Whether all bytes are zero. */
  public boolean isZero() {
    return (a | b | c | d) == 0;
  }

  @Override
  public int compareTo(Hash other) {
    int order = Long.compareUnsigned(a, other.a);
    if (order == 0) {
      order = Long.compareUnsigned(b, other.b);
    }
    if (order == 0) {
      order = Long.compareUnsigned(c, other.c);
    }
    return order != 0 ? order : Long.compareUnsigned(d, other.d);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash hash && a == hash.a && b == hash.b && c == hash.c && d == hash.d;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(a * 31 + b) * 31 + Long.hashCode(c * 31 + d);
  }

  /** Lower-case hex with the {@code 0x} prefix. */
  @Override
  public String toString() {
    return Hex.encode(toBytes());
  }
}
