package network.tachi.bench;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import network.tachi.evm.AbiReader;
import network.tachi.evm.rpc.Log;

/** What a contender must have stored in the end: the number of payments, and the totals. */
final class Expected {
  /** The sum and number of a licence's payments. */
  record Total(BigInteger amount, long payments) {
    Total plus(BigInteger more) {
      return new Total(amount.add(more), payments + 1);
    }
  }

  private static final Total NOTHING = new Total(BigInteger.ZERO, 0);

  private final Map<Long, Total> totals = new TreeMap<>();
  private long payments;

  /** Adds the payments of some logs. */
  void add(List<Log> logs) {
    for (Log log : logs) {
      BigInteger amount = AbiReader.of(log.data()).uint(0);
      long license = log.topics().get(2).toUint().longValueExact();
      totals.merge(license, NOTHING.plus(amount), (old, _) -> old.plus(amount));
      payments++;
    }
  }

  long payments() {
    return payments;
  }

  /**
   * Compares with rows of licence, sum and number, in any order.
   *
   * @return what differs; empty if nothing does
   */
  String differences(long stored, List<List<String>> rows) {
    if (stored != payments) {
      return "expected " + payments + " rows, found " + stored;
    }
    Map<Long, Total> found = new TreeMap<>();
    for (List<String> row : rows) {
      found.put(
          Long.parseLong(row.get(0)),
          new Total(new BigInteger(row.get(1)), Long.parseLong(row.get(2))));
    }
    return found.equals(totals) ? "" : "the totals of licences differ";
  }
}
