package network.tachi.indexer;

import java.math.BigInteger;

/**
 * What of an event a column cannot hold as it is. Whoever may emit an event must not be able to
 * stop the indexer by it.
 */
final class ColumnValues {
  private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);

  private ColumnValues() {}

  /**
   * An unsigned 64-bit number; from 2^63 on it becomes 2^63-1, so that a deadline of "never" stays
   * one.
   */
  static long saturated(long unsigned) {
    return unsigned < 0 ? Long.MAX_VALUE : unsigned;
  }

  /** An unsigned number; from 2^63 on it becomes 2^63-1. */
  static long saturated(BigInteger unsigned) {
    return unsigned.min(MAX_LONG).longValue();
  }
}
