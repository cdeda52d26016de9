package network.tachi.contracts.call;

import network.tachi.evm.Abi;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;

/** Calls of USDC (Circle's FiatTokenV2_2). */
public final class UsdcCalls {
  private UsdcCalls() {}

  /** Allows a spender to take USDC of the sender. */
  public static Bytes approve(Address spender, UsdcAmount amount) {
    return Abi.call("approve", Abi.address(spender), Abi.uint256(amount));
  }

  /** An account's balance. */
  public static View<UsdcAmount> balanceOf(Address account) {
    return new View<>(Abi.call("balanceOf", Abi.address(account)), r -> r.amount(0));
  }

  /** Whether an EIP-3009 nonce was used or cancelled. */
  public static View<Boolean> authorizationState(Address authorizer, Hash nonce) {
    return new View<>(
        Abi.call("authorizationState", Abi.address(authorizer), Abi.bytes32(nonce)),
        r -> r.bool(0));
  }
}
