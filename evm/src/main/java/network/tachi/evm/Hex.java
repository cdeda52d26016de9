package network.tachi.evm;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Hexadecimal text as Ethereum writes it: {@code 0x} and two digits a byte, or a {@code 0x}
 * quantity.
 */
public final class Hex {
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] VALUES = new byte[128];
  private static final int MAX_LONG_DIGITS = 16;

  static {
    Arrays.fill(VALUES, (byte) -1);
    for (int i = 0; i < 10; i++) {
      VALUES['0' + i] = (byte) i;
    }
    for (int i = 0; i < 6; i++) {
      VALUES['a' + i] = (byte) (10 + i);
      VALUES['A' + i] = (byte) (10 + i);
    }
  }

  private Hex() {}

  /** Writes bytes in lower case with the {@code 0x} prefix. */
  public static String encode(byte[] bytes) {
    byte[] text = new byte[2 + bytes.length * 2];
    text[0] = '0';
    text[1] = 'x';
    encodeInto(bytes, text, 2);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  /** Writes bytes in lower case without a prefix. */
  public static String encodeUnprefixed(byte[] bytes) {
    byte[] text = new byte[bytes.length * 2];
    encodeInto(bytes, text, 0);
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private static void encodeInto(byte[] bytes, byte[] text, int start) {
    int at = start;
    for (byte b : bytes) {
      text[at++] = DIGITS[(b >> 4) & 15];
      text[at++] = DIGITS[b & 15];
    }
  }

  /**
   * Reads {@code 0x} followed by an even number of digits, of either case.
   *
   * @throws InvalidValueException if the text has another form
   */
  public static byte[] decode(CharSequence text) {
    return decode("hex", text);
  }

  /**
   * Reads {@code 0x} followed by an even number of digits, naming the field in the exception.
   *
   * @throws InvalidValueException if the text has another form
   */
  public static byte[] decode(String field, CharSequence text) {
    int length = text.length();
    if (!isPrefixed(text) || (length & 1) != 0) {
      throw new InvalidValueException(
          field, "0x and an even number of hex digits", text.toString());
    }
    byte[] bytes = new byte[(length - 2) / 2];
    for (int i = 0, at = 2; i < bytes.length; i++, at += 2) {
      int value = (digit(text.charAt(at)) << 4) | digit(text.charAt(at + 1));
      if (value < 0) {
        throw new InvalidValueException(field, "hex digits only", text.toString());
      }
      bytes[i] = (byte) value;
    }
    return bytes;
  }

  /**
   * Reads exactly {@code size} bytes written as {@code 0x} and digits.
   *
   * @throws InvalidValueException if the text has another form or length
   */
  public static byte[] decode(String field, CharSequence text, int size) {
    if (text.length() != 2 + 2 * size) {
      throw new InvalidValueException(field, "0x and " + 2 * size + " hex digits", text.toString());
    }
    return decode(field, text);
  }

  /**
   * Reads {@code 0x} and digits from a character buffer, without making a string of it.
   *
   * @throws InvalidValueException if the text has another form
   */
  public static byte[] decode(String field, char[] text, int offset, int length) {
    if (length < 2
        || (length & 1) != 0
        || text[offset] != '0'
        || (text[offset + 1] | 0x20) != 'x') {
      throw new InvalidValueException(
          field, "0x and an even number of hex digits", new String(text, offset, length));
    }
    byte[] bytes = new byte[(length - 2) / 2];
    for (int i = 0, at = offset + 2; i < bytes.length; i++, at += 2) {
      int value = (digit(text[at]) << 4) | digit(text[at + 1]);
      if (value < 0) {
        throw new InvalidValueException(field, "hex digits only", new String(text, offset, length));
      }
      bytes[i] = (byte) value;
    }
    return bytes;
  }

  /**
   * Writes a non-negative number as an Ethereum quantity: {@code 0x0}, {@code 0x1f}, without
   * leading zeros.
   */
  public static String quantity(long value) {
    if (value < 0) {
      throw new InvalidValueException("quantity", "a non-negative number", Long.toString(value));
    }
    return "0x" + Long.toHexString(value);
  }

  /** Writes a non-negative number as an Ethereum quantity. */
  public static String quantity(BigInteger value) {
    if (value.signum() < 0) {
      throw new InvalidValueException("quantity", "a non-negative number", value.toString());
    }
    return "0x" + value.toString(16);
  }

  /**
   * Reads a quantity that fits a non-negative long; leading zeros are let through, as some nodes
   * write them.
   *
   * @throws InvalidValueException if it is not {@code 0x} and at least one digit, or is 2^63 or
   *     more
   */
  public static long parseQuantity(String field, CharSequence text) {
    if (!isPrefixed(text) || text.length() < 3) {
      throw new InvalidValueException(field, "0x and hex digits", text.toString());
    }
    int at = 2;
    while (at < text.length() - 1 && text.charAt(at) == '0') {
      at++;
    }
    if (text.length() - at > MAX_LONG_DIGITS) {
      throw new InvalidValueException(field, "a quantity below 2^63", text.toString());
    }
    long value = 0;
    for (; at < text.length(); at++) {
      int digit = digit(text.charAt(at));
      if (digit < 0) {
        throw new InvalidValueException(field, "0x and hex digits", text.toString());
      }
      value = (value << 4) | digit;
    }
    if (value < 0) {
      throw new InvalidValueException(field, "a quantity below 2^63", text.toString());
    }
    return value;
  }

  /**
   * Reads a quantity of up to 256 bits.
   *
   * @throws InvalidValueException if it is not {@code 0x} and 1 to 64 digits
   */
  public static BigInteger parseBigQuantity(String field, CharSequence text) {
    if (!isPrefixed(text) || text.length() < 3 || text.length() > 66) {
      throw new InvalidValueException(field, "0x and 1 to 64 hex digits", text.toString());
    }
    for (int i = 2; i < text.length(); i++) {
      if (digit(text.charAt(i)) < 0) {
        throw new InvalidValueException(field, "0x and hex digits", text.toString());
      }
    }
    return new BigInteger(text.subSequence(2, text.length()).toString(), 16);
  }

  private static boolean isPrefixed(CharSequence text) {
    return text.length() >= 2 && text.charAt(0) == '0' && (text.charAt(1) | 0x20) == 'x';
  }

  /** The value of a digit; for anything else a negative number that stays negative when or-ed. */
  private static int digit(char c) {
    return c < 128 ? VALUES[c] : -1;
  }
}
