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

  /** The seconds until a signer's revocation takes effect. */
  public static View<Long> revokeDelay() {
    return new View<>(Abi.call("revokeDelay"), r -> r.uint64(0));
  }

  /** The seconds after which a withdrawal needs no new header. */
  public static View<Long> fallbackSeconds() {
    return new View<>(Abi.call("fallbackSeconds"), r -> r.uint64(0));
  }
}
