package network.tachi.evm;

import java.math.BigInteger;

/**
 * The number of a crawl licence: the token id of its NFT.
 *
 * @param value greater than 0
 */
public record LicenseId(long value) implements Comparable<LicenseId> {
  /** Checks that the number is positive. */
  public LicenseId {
    if (value <= 0) {
      throw new InvalidValueException("licence id", "1 to 2^63-1", Long.toString(value));
    }
  }

  /** The licence with this number. */
  public static LicenseId of(long value) {
    return new LicenseId(value);
  }

  /**
   * The licence with the number an ABI word or a database holds.
   *
   * @throws InvalidValueException if it is not within 1 to 2^63-1
   */
  public static LicenseId of(BigInteger value) {
    if (value.signum() <= 0 || value.bitLength() > 63) {
      throw new InvalidValueException("licence id", "1 to 2^63-1", value.toString());
    }
    return new LicenseId(value.longValueExact());
  }

  /**
   * Reads a decimal number without sign or leading zeros.
   *
   * @throws InvalidValueException if the text has another form or the number is out of range
   */
  public static LicenseId parse(String text) {
    return of(Uint256.parseDecimal("licence id", text));
  }

  /** The number as a {@code uint256} ABI word. */
  public Hash toWord() {
    return Hash.ofUint(value);
  }

  /** The number as a {@link BigInteger}. */
  public BigInteger toBigInteger() {
    return BigInteger.valueOf(value);
  }

  @Override
  public int compareTo(LicenseId other) {
    return Long.compare(value, other.value);
  }

  /** The number in decimal. */
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
