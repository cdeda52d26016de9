package network.tachi.tx;

import java.math.BigInteger;
import java.util.Optional;

/**
 * The two fee fields of an EIP-1559 transaction, in wei a gas.
 *
 * @param maxFee {@code maxFeePerGas}
 * @param priority {@code maxPriorityFeePerGas}
 */
record Fees(BigInteger maxFee, BigInteger priority) {
  /** What nodes ask for at least of a replacement, in percent; some want an eighth. */
  static final int LEAST_BUMP = 13;

  private static final BigInteger HUNDRED = BigInteger.valueOf(100);

  /** Twice the head's base fee plus the node's suggested tip, within the cap. */
  static Fees suggest(Heads heads, SendPolicy policy) {
    return new Fees(heads.baseFee().shiftLeft(1).add(heads.tip()), heads.tip())
        .within(policy.maxFeePerGas());
  }

  /**
   * Both fees raised, and at least those suggested now; empty if the cap leaves no room for what
   * nodes accept as a replacement.
   */
  Optional<Fees> bumped(Fees now, SendPolicy policy) {
    Fees raised =
        new Fees(
                raise(maxFee, policy.bumpPercent()).max(now.maxFee),
                raise(priority, policy.bumpPercent()).max(now.priority))
            .within(policy.maxFeePerGas());
    boolean accepted =
        raised.maxFee.compareTo(raise(maxFee, LEAST_BUMP)) >= 0
            && raised.priority.compareTo(raise(priority, LEAST_BUMP)) >= 0;
    return accepted ? Optional.of(raised) : Optional.empty();
  }

  private Fees within(BigInteger cap) {
    return new Fees(maxFee.min(cap), priority.min(cap));
  }

  /** Rounded up, and by one wei at least. */
  private static BigInteger raise(BigInteger fee, int percent) {
    return fee.multiply(BigInteger.valueOf(100L + percent))
        .add(HUNDRED.subtract(BigInteger.ONE))
        .divide(HUNDRED)
        .max(fee.add(BigInteger.ONE));
  }
}
