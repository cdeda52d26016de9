package network.tachi.contracts.call;

import network.tachi.evm.Abi;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Eip3009;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;

/** Calls of {@code PaymentProcessor}. */
public final class PaymentProcessorCalls {
  private PaymentProcessorCalls() {}

  /**
   * Settles an EIP-3009 authorisation to the licence's vault; anyone.
   *
   * @param authorization whose {@code to} is the vault
   * @param signature packed, or of an EIP-1271 wallet
   */
  public static Bytes settleAuthorization(
      LicenseId id, Eip3009.Authorization authorization, Bytes signature) {
    return Abi.call(
        "settleAuthorization",
        Abi.uint256(id),
        Abi.address(authorization.from()),
        Abi.uint256(authorization.value()),
        Abi.uint256(authorization.validAfter()),
        Abi.uint256(authorization.validBefore()),
        Abi.bytes32(authorization.nonce()),
        Abi.bytes(signature));
  }

  /** The hash that vault addresses are made of. */
  public static View<Hash> vaultInitCodeHash() {
    return new View<>(Abi.call("vaultInitCodeHash"), r -> r.word(0));
  }

  /** A licence's vault, deployed or not. */
  public static View<Address> vaultOf(LicenseId id) {
    return new View<>(Abi.call("vaultOf", Abi.uint256(id)), r -> r.address(0));
  }

  /** State of a payment: 0 unknown, 1 paid, 2 held, 3 released, 4 refunded. */
  public static View<Integer> stateOf(Hash paymentId) {
    return new View<>(Abi.call("stateOf", Abi.bytes32(paymentId)), r -> r.uintAsInt(0));
  }
}
