package network.tachi.contracts.call;

import java.util.List;
import network.tachi.evm.Abi;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Eip3009;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;

/** Calls of {@code PaymentProcessor}. */
public final class PaymentProcessorCalls {
  private PaymentProcessorCalls() {}

  /**
   * Pays a licence from the sender's allowance; the nonce is the payer's, once for each payment.
   */
  public static Bytes pay(LicenseId id, UsdcAmount amount, Hash nonce) {
    return Abi.call("pay", Abi.uint256(id), Abi.uint256(amount), Abi.bytes32(nonce));
  }

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

  /** Pays mature buckets out; anyone. A bucket is {@code paidAt / bucketSeconds}. */
  public static Bytes withdraw(LicenseId id, List<Long> buckets) {
    return Abi.call(
        "withdraw",
        Abi.uint256(id),
        Abi.array("uint64", buckets.stream().map(WireAbi::uint64).toList()));
  }

  /** Pays external payments out; anyone. */
  public static Bytes sweep(LicenseId id) {
    return Abi.call("sweep", Abi.uint256(id));
  }

  /** Sends a refund that USDC once refused; anyone. */
  public static Bytes sendOwedRefund(LicenseId id, Address payer) {
    return Abi.call("sendOwedRefund", Abi.uint256(id), Abi.address(payer));
  }

  /** Sends all fees to the fee recipient; anyone. */
  public static Bytes collectFees() {
    return Abi.call("collectFees");
  }

  /** Deploys a licence's vault; anyone. */
  public static Bytes deployVault(LicenseId id) {
    return Abi.call("deployVault", Abi.uint256(id));
  }

  /** Schedules a protocol fee; admin. */
  public static Bytes scheduleFee(int feeBps) {
    return Abi.call("scheduleFee", Abi.uint(16, feeBps));
  }

  /** Names the dispute resolver, once; admin. */
  public static Bytes setResolver(Address resolver) {
    return Abi.call("setResolver", Abi.address(resolver));
  }

  /** Stops new payments; admin. */
  public static Bytes pause() {
    return Abi.call("pause");
  }

  /** Takes new payments again; admin. */
  public static Bytes unpause() {
    return Abi.call("unpause");
  }

  /** The dispute resolver; zero while there is none. */
  public static View<Address> resolver() {
    return new View<>(Abi.call("resolver"), r -> r.address(0));
  }

  /** The hash that vault addresses are made of. */
  public static View<Hash> vaultInitCodeHash() {
    return new View<>(Abi.call("vaultInitCodeHash"), r -> r.word(0));
  }

  /** A licence's vault, deployed or not. */
  public static View<Address> vaultOf(LicenseId id) {
    return new View<>(Abi.call("vaultOf", Abi.uint256(id)), r -> r.address(0));
  }

  /** The protocol fee in force, in basis points. */
  public static View<Integer> feeBps() {
    return new View<>(Abi.call("feeBps"), r -> r.uintAsInt(0));
  }

  /** Length of a bucket in seconds. */
  public static View<Long> bucketSeconds() {
    return new View<>(Abi.call("bucketSeconds"), r -> r.uintAsLong(0));
  }

  /** What a bucket holds for the publisher. */
  public static View<UsdcAmount> bucketOf(LicenseId id, long bucket) {
    return new View<>(
        Abi.call("bucketOf", Abi.uint256(id), WireAbi.uint64(bucket)), r -> r.amount(0));
  }

  /** When a bucket can be withdrawn, in seconds since 1970. */
  public static View<Long> maturesAt(long bucket) {
    return new View<>(Abi.call("maturesAt", WireAbi.uint64(bucket)), r -> r.uintAsLong(0));
  }

  /** State of a payment: 0 unknown, 1 paid, 2 held, 3 released, 4 refunded. */
  public static View<Integer> stateOf(Hash paymentId) {
    return new View<>(Abi.call("stateOf", Abi.bytes32(paymentId)), r -> r.uintAsInt(0));
  }
}
