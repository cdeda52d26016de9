package network.tachi.tx;

import java.math.BigInteger;
import java.time.Duration;

/**
 * How hard a sender tries, and what it may cost.
 *
 * @param poll how often transactions in flight are looked at
 * @param rebroadcastAfter after how long the same bytes are sent again
 * @param replaceAfter after how long a transaction that is in no block is replaced by one with
 *     higher fees
 * @param bumpPercent by how much both fees rise at a replacement; nodes ask for at least 10
 * @param maxFeePerGas the most that is ever paid a gas, in wei
 * @param gasPercent the gas limit as a share of the estimate
 * @param maxInFlight transactions that may wait for a block at a time
 */
public record SendPolicy(
    Duration poll,
    Duration rebroadcastAfter,
    Duration replaceAfter,
    int bumpPercent,
    BigInteger maxFeePerGas,
    int gasPercent,
    int maxInFlight) {
  private static final BigInteger GWEI = BigInteger.TEN.pow(9);

  /** Base: replaced after 4 s, at most 5 gwei. */
  public static final SendPolicy BASE =
      new SendPolicy(
          Duration.ofMillis(50),
          Duration.ofSeconds(2),
          Duration.ofSeconds(4),
          20,
          GWEI.multiply(BigInteger.valueOf(5)),
          130,
          16);

  /** Ethereum: replaced after 24 s, at most 200 gwei. */
  public static final SendPolicy ETHEREUM =
      new SendPolicy(
          Duration.ofMillis(200),
          Duration.ofSeconds(6),
          Duration.ofSeconds(24),
          20,
          GWEI.multiply(BigInteger.valueOf(200)),
          130,
          8);

  /** Checks the bounds. */
  public SendPolicy {
    if (bumpPercent < 10) {
      throw new IllegalArgumentException("bumpPercent: expected 10 or more, found " + bumpPercent);
    }
    if (gasPercent < 100) {
      throw new IllegalArgumentException("gasPercent: expected 100 or more, found " + gasPercent);
    }
    if (maxInFlight < 1) {
      throw new IllegalArgumentException("maxInFlight: expected 1 or more, found " + maxInFlight);
    }
  }
}
