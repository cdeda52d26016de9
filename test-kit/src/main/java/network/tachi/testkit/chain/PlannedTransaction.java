package network.tachi.testkit.chain;

import java.util.List;
import network.tachi.evm.Address;

/**
 * A transaction of a block to come.
 *
 * @param kind its type
 * @param from the sender
 * @param to the receiver
 * @param success whether it does not revert
 * @param logs what it emits; none if it reverts
 */
public record PlannedTransaction(
    Kind kind, Address from, Address to, boolean success, List<PlannedLog> logs) {
  /** The types of transactions. */
  public enum Kind {
    /** Type 0. */
    LEGACY(0),
    /** Type 1, EIP-2930. */
    ACCESS_LIST(1),
    /** Type 2, EIP-1559. */
    DYNAMIC_FEE(2),
    /** Type 0x7e, a deposit of the OP stack. */
    DEPOSIT(0x7e);

    private final int type;

    Kind(int type) {
      this.type = type;
    }

    /** The EIP-2718 type. */
    public int type() {
      return type;
    }
  }

  /**
   * Checks that a reverted transaction has no logs.
   *
   * @throws IllegalArgumentException if it has
   */
  public PlannedTransaction {
    logs = List.copyOf(logs);
    if (!success && !logs.isEmpty()) {
      throw new IllegalArgumentException("a reverted transaction has " + logs.size() + " logs");
    }
  }

  /** An EIP-1559 transaction that succeeds. */
  public static PlannedTransaction of(Address from, Address to, List<PlannedLog> logs) {
    return new PlannedTransaction(Kind.DYNAMIC_FEE, from, to, true, logs);
  }
}
