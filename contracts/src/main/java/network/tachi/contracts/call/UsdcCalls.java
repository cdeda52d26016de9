package network.tachi.contracts.call;

import java.math.BigInteger;
import network.tachi.evm.Abi;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Eip3009;
import network.tachi.evm.Hash;
import network.tachi.evm.Signature;
import network.tachi.evm.UsdcAmount;

/** Calls of USDC (Circle's FiatTokenV2_2). */
public final class UsdcCalls {
  private UsdcCalls() {}

  /** Sends USDC of the sender. */
  public static Bytes transfer(Address to, UsdcAmount amount) {
    return Abi.call("transfer", Abi.address(to), Abi.uint256(amount));
  }

  /** Allows a spender to take USDC of the sender. */
  public static Bytes approve(Address spender, UsdcAmount amount) {
    return Abi.call("approve", Abi.address(spender), Abi.uint256(amount));
  }

  /** Allows a spender by the owner's EIP-2612 signature; anyone. */
  public static Bytes permit(
      Address owner, Address spender, UsdcAmount amount, BigInteger deadline, Signature signature) {
    return Abi.call(
        "permit",
        Abi.address(owner),
        Abi.address(spender),
        Abi.uint256(amount),
        Abi.uint256(deadline),
        Abi.uint(8, signature.v()),
        Abi.bytes32(signature.r()),
        Abi.bytes32(signature.s()));
  }

  /** Moves USDC by an EIP-3009 authorisation; anyone. */
  public static Bytes transferWithAuthorization(
      Eip3009.Authorization authorization, Bytes signature) {
    return withAuthorization("transferWithAuthorization", authorization, signature);
  }

  /** Moves USDC by an EIP-3009 authorisation; the payee. */
  public static Bytes receiveWithAuthorization(
      Eip3009.Authorization authorization, Bytes signature) {
    return withAuthorization("receiveWithAuthorization", authorization, signature);
  }

  private static Bytes withAuthorization(
      String function, Eip3009.Authorization authorization, Bytes signature) {
    return Abi.call(
        function,
        Abi.address(authorization.from()),
        Abi.address(authorization.to()),
        Abi.uint256(authorization.value()),
        Abi.uint256(authorization.validAfter()),
        Abi.uint256(authorization.validBefore()),
        Abi.bytes32(authorization.nonce()),
        Abi.bytes(signature));
  }

  /** Allows an account to mint; master minter. Local chains only. */
  public static Bytes configureMinter(Address minter, UsdcAmount allowance) {
    return Abi.call("configureMinter", Abi.address(minter), Abi.uint256(allowance));
  }

  /** Mints; a minter. Local chains only. */
  public static Bytes mint(Address to, UsdcAmount amount) {
    return Abi.call("mint", Abi.address(to), Abi.uint256(amount));
  }

  /** An account's balance. */
  public static View<UsdcAmount> balanceOf(Address account) {
    return new View<>(Abi.call("balanceOf", Abi.address(account)), r -> r.amount(0));
  }

  /** What a spender may still take; unlimited allowances are wider than an amount. */
  public static View<BigInteger> allowance(Address owner, Address spender) {
    return new View<>(
        Abi.call("allowance", Abi.address(owner), Abi.address(spender)), r -> r.uint(0));
  }

  /** Whether an EIP-3009 nonce was used or cancelled. */
  public static View<Boolean> authorizationState(Address authorizer, Hash nonce) {
    return new View<>(
        Abi.call("authorizationState", Abi.address(authorizer), Abi.bytes32(nonce)),
        r -> r.bool(0));
  }

  /** The next EIP-2612 nonce of an owner. */
  public static View<BigInteger> nonces(Address owner) {
    return new View<>(Abi.call("nonces", Abi.address(owner)), r -> r.uint(0));
  }

  /** What an account may still mint. */
  public static View<BigInteger> minterAllowance(Address minter) {
    return new View<>(Abi.call("minterAllowance", Abi.address(minter)), r -> r.uint(0));
  }

  /** The separator of USDC's EIP-712 domain. */
  public static View<Hash> domainSeparator() {
    return new View<>(Abi.call("DOMAIN_SEPARATOR"), r -> r.word(0));
  }
}
