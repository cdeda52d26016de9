package network.tachi.evm;

import java.math.BigInteger;

/**
 * The number of a chain, as in EIP-155.
 *
 * @param value greater than 0
 */
public record ChainId(long value) implements Comparable<ChainId> {
  private static final String CAIP2_PREFIX = "eip155:";

  /** Ethereum. */
  public static final ChainId ETHEREUM = new ChainId(1);

  /** Base. */
  public static final ChainId BASE = new ChainId(8453);

  /** Base's test network. */
  public static final ChainId BASE_SEPOLIA = new ChainId(84532);

  /** Ethereum's test network. */
  public static final ChainId SEPOLIA = new ChainId(11155111);

  /** Checks that the number is positive. */
  public ChainId {
    if (value <= 0) {
      throw new InvalidValueException("chain id", "a number above 0", Long.toString(value));
    }
  }

  /** The chain with this number. */
  public static ChainId of(long value) {
    return new ChainId(value);
  }

  /**
   * Reads a CAIP-2 name such as {@code eip155:8453}.
   *
   * @throws InvalidValueException if the text has another form
   */
  public static ChainId parseCaip2(String text) {
    if (!text.startsWith(CAIP2_PREFIX)) {
      throw new InvalidValueException("chain", "eip155:<number>", text);
    }
    BigInteger number = Uint256.parseDecimal("chain", text.substring(CAIP2_PREFIX.length()));
    return new ChainId(Uint256.check("chain", number, 63).longValueExact());
  }

  /** The CAIP-2 name, such as {@code eip155:8453}. */
  public String toCaip2() {
    return CAIP2_PREFIX + value;
  }

  @Override
  public int compareTo(ChainId other) {
    return Long.compare(value, other.value);
  }

  /** The number in decimal. */
  @Override
  public String toString() {
    return Long.toString(value);
  }
}
