package network.tachi.evm;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;

/**
 * An amount of USDC in atomic units (10^-6 USDC), from 0 to 2^128-1. Arithmetic is exact or throws.
 */
public final class UsdcAmount implements Comparable<UsdcAmount> {
  /** The number of decimal places of USDC. */
  public static final int DECIMALS = 6;

  /** Bytes of a {@code uint128}. */
  public static final int SIZE = 16;

  /** Nothing. */
  public static final UsdcAmount ZERO = new UsdcAmount(0, 0);

  /** 2^128-1 atomic units. */
  public static final UsdcAmount MAX = new UsdcAmount(-1, -1);

  private static final int BITS = 128;
  private static final BigInteger LOW_MASK = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  private static final Pattern USDC = Pattern.compile("[0-9]+(\\.[0-9]{1,6})?");

  private final long high;
  private final long low;

  private UsdcAmount(long high, long low) {
    this.high = high;
    this.low = low;
  }

  /**
   * The amount of a number of atomic units.
   *
   * @throws InvalidValueException if it is negative
   */
  public static UsdcAmount of(long atomicUnits) {
    if (atomicUnits < 0) {
      throw new InvalidValueException(
          "amount", "a non-negative number", Long.toString(atomicUnits));
    }
    return new UsdcAmount(0, atomicUnits);
  }

  /**
   * The amount of a number of atomic units.
   *
   * @throws InvalidValueException if it is not within 0 to 2^128-1
   */
  public static UsdcAmount of(BigInteger atomicUnits) {
    Uint256.check("amount", atomicUnits, BITS);
    return new UsdcAmount(
        atomicUnits.shiftRight(64).longValue(), atomicUnits.and(LOW_MASK).longValue());
  }

  /**
   * Reads a decimal number of atomic units without sign, point or leading zeros, as the APIs write
   * it.
   *
   * @throws InvalidValueException if the text has another form or the number is out of range
   */
  public static UsdcAmount parse(String text) {
    return of(Uint256.parseDecimal("amount", text));
  }

  /**
   * Reads an amount in USDC, such as {@code 0.001} or {@code 0.001 USDC}, with at most six decimal
   * places.
   *
   * @throws InvalidValueException if the text has another form or the amount is out of range
   */
  public static UsdcAmount parseUsdc(String text) {
    String number = text.endsWith(" USDC") ? text.substring(0, text.length() - 5) : text;
    if (number.length() > 50 || !USDC.matcher(number).matches()) {
      throw new InvalidValueException(
          "amount", "USDC with at most 6 decimal places, such as 0.001", text);
    }
    return of(new BigDecimal(number).movePointRight(DECIMALS).toBigIntegerExact());
  }

  /**
   * The sum.
   *
   * @throws AmountOverflowException if it is above {@link #MAX}
   */
  public UsdcAmount plus(UsdcAmount other) {
    long sumLow = low + other.low;
    long carry = Long.compareUnsigned(sumLow, low) < 0 ? 1 : 0;
    long sumHigh = high + other.high + carry;
    boolean wraps =
        carry == 0
            ? Long.compareUnsigned(sumHigh, high) < 0
            : Long.compareUnsigned(sumHigh, high) <= 0;
    if (wraps) {
      throw new AmountOverflowException(this + " + " + other);
    }
    return new UsdcAmount(sumHigh, sumLow);
  }

  /**
   * The difference.
   *
   * @throws AmountUnderflowException if the other amount is greater
   */
  public UsdcAmount minus(UsdcAmount other) {
    if (compareTo(other) < 0) {
      throw new AmountUnderflowException(this + " - " + other);
    }
    long borrow = Long.compareUnsigned(low, other.low) < 0 ? 1 : 0;
    return new UsdcAmount(high - other.high - borrow, low - other.low);
  }

  /**
   * The product with a non-negative count.
   *
   * @throws AmountOverflowException if it is above {@link #MAX}
   * @throws InvalidValueException if the count is negative
   */
  public UsdcAmount times(long count) {
    if (count < 0) {
      throw new InvalidValueException("count", "a non-negative number", Long.toString(count));
    }
    BigInteger product = toBigInteger().multiply(BigInteger.valueOf(count));
    if (product.bitLength() > BITS) {
      throw new AmountOverflowException(this + " * " + count);
    }
    return of(product);
  }

  /**
   * The share of so many basis points (1/10,000), rounded down, as the contracts round.
   *
   * @throws InvalidValueException if the basis points are not within 0 to 10,000
   */
  public UsdcAmount basisPoints(int points) {
    if (points < 0 || points > 10_000) {
      throw new InvalidValueException("basis points", "0 to 10000", Integer.toString(points));
    }
    return of(
        toBigInteger().multiply(BigInteger.valueOf(points)).divide(BigInteger.valueOf(10_000)));
  }

  /** The lesser of the two. */
  public UsdcAmount min(UsdcAmount other) {
    return compareTo(other) <= 0 ? this : other;
  }

  /** The greater of the two. */
  public UsdcAmount max(UsdcAmount other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /** Whether the amount is nothing. */
  public boolean isZero() {
    return (high | low) == 0;
  }

  /** The number of atomic units. */
  public BigInteger toBigInteger() {
    BigInteger lowPart = BigInteger.valueOf(low).and(LOW_MASK);
    return high == 0 ? lowPart : BigInteger.valueOf(high).and(LOW_MASK).shiftLeft(64).or(lowPart);
  }

  /** Whether the number of atomic units is below 2^63. */
  public boolean fitsLong() {
    return high == 0 && low >= 0;
  }

  /**
   * The number of atomic units as a long.
   *
   * @throws AmountOverflowException if it is 2^63 or more
   */
  public long toLongExact() {
    if (high != 0 || low < 0) {
      throw new AmountOverflowException(this + " as a long");
    }
    return low;
  }

  /** The number of atomic units as a {@code uint256} ABI word. */
  public Hash toWord() {
    byte[] word = new byte[Hash.SIZE];
    writeTo(word, Hash.SIZE - SIZE);
    return Hash.read(word, 0);
  }

  /** Reads the 16 bytes of a {@code uint128}, big-endian, at an offset. */
  public static UsdcAmount read(byte[] source, int offset) {
    return new UsdcAmount(BigEndian.getLong(source, offset), BigEndian.getLong(source, offset + 8));
  }

  /** Writes the 16 bytes of a {@code uint128}, big-endian, at an offset. */
  public void writeTo(byte[] target, int offset) {
    BigEndian.putLong(target, offset, high);
    BigEndian.putLong(target, offset + 8, low);
  }

  /** The amount in USDC without needless zeros, such as {@code 0.001 USDC} or {@code 5 USDC}. */
  public String toUsdcString() {
    BigDecimal usdc = new BigDecimal(toBigInteger(), DECIMALS).stripTrailingZeros();
    return usdc.toPlainString() + " USDC";
  }

  @Override
  public int compareTo(UsdcAmount other) {
    int order = Long.compareUnsigned(high, other.high);
    return order != 0 ? order : Long.compareUnsigned(low, other.low);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UsdcAmount amount && high == amount.high && low == amount.low;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(high * 31 + low);
  }

  /** The number of atomic units in decimal, as the APIs write it. */
  @Override
  public String toString() {
    return high == 0 ? Long.toUnsignedString(low) : toBigInteger().toString();
  }
}
