package network.tachi.contracts.call;

import network.tachi.evm.Abi;
import network.tachi.evm.UsdcAmount;

/** Calls of {@code CreditEscrow}. */
public final class CreditEscrowCalls {
  private CreditEscrowCalls() {}

  /** All deposits minus all withdrawals. */
  public static View<UsdcAmount> netDeposits() {
    return new View<>(Abi.call("netDeposits"), r -> r.amount(0));
  }
}
