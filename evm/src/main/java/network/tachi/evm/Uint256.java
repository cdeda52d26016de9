package network.tachi.evm;

import java.math.BigInteger;
import java.util.Arrays;

/** Checks and conversions of unsigned numbers of up to 256 bits, kept as {@link BigInteger}. */
public final class Uint256 {
  /** 2^256 - 1. */
  public static final BigInteger MAX = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);

  private Uint256() {}

  /**
   * Returns the value if it is an unsigned number of at most {@code bits} bits.
   *
   * @throws InvalidValueException if it is negative or wider
   */
  public static BigInteger check(String field, BigInteger value, int bits) {
    if (value.signum() < 0 || value.bitLength() > bits) {
      throw new InvalidValueException(field, "0 to 2^" + bits + "-1", value.toString());
    }
    return value;
  }

  /**
   * The 32 bytes of an unsigned number, big-endian.
   *
   * @throws InvalidValueException if it is negative or wider than 256 bits
   */
  public static byte[] toBytes(BigInteger value) {
    byte[] word = new byte[Hash.SIZE];
    write("uint256", value, word, 0);
    return word;
  }

  /**
   * The shortest big-endian bytes of an unsigned number; none for zero.
   *
   * @throws InvalidValueException if it is negative or wider than 256 bits
   */
  public static byte[] toMinimalBytes(BigInteger value) {
    byte[] word = toBytes(value);
    int start = 0;
    while (start < word.length && word[start] == 0) {
      start++;
    }
    return Arrays.copyOfRange(word, start, word.length);
  }

  /**
   * Reads a decimal number without sign, leading zeros or spaces.
   *
   * @throws InvalidValueException if the text has another form or the number is wider than 256 bits
   */
  public static BigInteger parseDecimal(String field, String text) {
    boolean plain =
        !text.isEmpty() && text.length() <= 78 && (text.length() == 1 || text.charAt(0) != '0');
    for (int i = 0; plain && i < text.length(); i++) {
      plain = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    if (!plain) {
      throw new InvalidValueException(
          field, "a decimal number without sign or leading zeros", text);
    }
    return check(field, new BigInteger(text), 256);
  }

  /** Writes the number right-aligned into the 32 bytes at an offset, which must be zero. */
  static void write(String field, BigInteger value, byte[] target, int offset) {
    check(field, value, 256);
    byte[] bytes = value.toByteArray();
    int skip = bytes.length > Hash.SIZE ? bytes.length - Hash.SIZE : 0;
    int length = bytes.length - skip;
    System.arraycopy(bytes, skip, target, offset + Hash.SIZE - length, length);
  }
}
