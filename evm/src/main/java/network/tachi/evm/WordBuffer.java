package network.tachi.evm;

import java.math.BigInteger;

/**
 * Writes a fixed number of 32-byte words, one after the other: the encoding of an EIP-712 struct of
 * static members, or of static ABI arguments. Not for use by many threads.
 */
public final class WordBuffer {
  private final byte[] bytes;
  private int at;

  /** Creates a buffer for exactly so many words. */
  public WordBuffer(int words) {
    bytes = new byte[Math.multiplyExact(words, Hash.SIZE)];
  }

  /**
   * Creates a buffer whose first word is the type hash of an EIP-712 struct, with room for its
   * members.
   */
  public static WordBuffer struct(Hash typeHash, int members) {
    return new WordBuffer(members + 1).hash(typeHash);
  }

  /** Writes a {@code bytes32}. */
  public WordBuffer hash(Hash value) {
    value.writeTo(bytes, next());
    return this;
  }

  /** Writes an {@code address}. */
  public WordBuffer address(Address value) {
    value.writeTo(bytes, next() + 12);
    return this;
  }

  /**
   * Writes an unsigned number.
   *
   * @throws InvalidValueException if it is negative
   */
  public WordBuffer uint(long value) {
    if (value < 0) {
      throw new InvalidValueException("uint256", "a non-negative number", Long.toString(value));
    }
    BigEndian.putLong(bytes, next() + 24, value);
    return this;
  }

  /**
   * Writes an unsigned number.
   *
   * @throws InvalidValueException if it is negative or wider than 256 bits
   */
  public WordBuffer uint(BigInteger value) {
    Uint256.write("uint256", value, bytes, next());
    return this;
  }

  /** Writes the 64 bits of a long as an unsigned number: -1 is 2^64-1. */
  public WordBuffer uint64(long bits) {
    BigEndian.putLong(bytes, next() + 24, bits);
    return this;
  }

  /** Writes an amount as an unsigned number of atomic units. */
  public WordBuffer amount(UsdcAmount value) {
    value.writeTo(bytes, next() + Hash.SIZE - UsdcAmount.SIZE);
    return this;
  }

  /** Writes a licence id as an unsigned number. */
  public WordBuffer license(LicenseId value) {
    return uint(value.value());
  }

  /** Writes a chain id as an unsigned number. */
  public WordBuffer chain(ChainId value) {
    return uint(value.value());
  }

  /** Writes a {@code bool} as 0 or 1. */
  public WordBuffer bool(boolean value) {
    return uint(value ? 1 : 0);
  }

  /**
   * The words, all of them written.
   *
   * @throws WordCountException if some are missing
   */
  public byte[] toBytes() {
    checkFull();
    return bytes.clone();
  }

  /**
   * Keccak-256 of the words, all of them written.
   *
   * @throws WordCountException if some are missing
   */
  public Hash keccak() {
    checkFull();
    return Keccak.hash(bytes);
  }

  private int next() {
    if (at == bytes.length) {
      throw new WordCountException(bytes.length / Hash.SIZE, bytes.length / Hash.SIZE + 1);
    }
    int offset = at;
    at += Hash.SIZE;
    return offset;
  }

  private void checkFull() {
    if (at != bytes.length) {
      throw new WordCountException(bytes.length / Hash.SIZE, at / Hash.SIZE);
    }
  }
}
