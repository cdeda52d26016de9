package network.tachi.contracts.call;

import java.math.BigInteger;
import java.util.List;
import network.tachi.contracts.wire.Absence;
import network.tachi.contracts.wire.CrawlerLeaf;
import network.tachi.contracts.wire.Proven;
import network.tachi.evm.Abi;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Eip3009;
import network.tachi.evm.Hash;
import network.tachi.evm.Signature;
import network.tachi.evm.UsdcAmount;

/** Calls of {@code CreditEscrow}. */
public final class CreditEscrowCalls {
  private CreditEscrowCalls() {}

  /** What a crawler deposited and withdrew since the first deposit. */
  public record Account(UsdcAmount deposited, UsdcAmount withdrawn) {}

  /** Deposits for a crawler from the sender's allowance. */
  public static Bytes deposit(Address crawler, UsdcAmount amount) {
    return Abi.call("deposit", Abi.address(crawler), Abi.uint256(amount));
  }

  /** Deposits with the sender's EIP-2612 permit. */
  public static Bytes depositWithPermit(
      Address crawler, UsdcAmount amount, BigInteger deadline, Signature signature) {
    return Abi.call(
        "depositWithPermit",
        Abi.address(crawler),
        Abi.uint256(amount),
        Abi.uint256(deadline),
        Abi.uint(8, signature.v()),
        Abi.bytes32(signature.r()),
        Abi.bytes32(signature.s()));
  }

  /**
   * Deposits by the crawler's EIP-3009 {@code receiveWithAuthorization}; anyone.
   *
   * @param authorization whose {@code to} is the escrow
   * @param signature packed, or of an EIP-1271 wallet
   */
  public static Bytes depositWithAuthorization(
      Eip3009.Authorization authorization, Bytes signature) {
    return Abi.call(
        "depositWithAuthorization",
        Abi.address(authorization.from()),
        Abi.uint256(authorization.value()),
        Abi.uint256(authorization.validAfter()),
        Abi.uint256(authorization.validBefore()),
        Abi.bytes32(authorization.nonce()),
        Abi.bytes(signature));
  }

  /** Starts to thaw credit of the sender. */
  public static Bytes requestThaw(UsdcAmount amount) {
    return Abi.call("requestThaw", WireAbi.uint128(amount));
  }

  /** Stops the sender's thaw. */
  public static Bytes cancelThaw() {
    return Abi.call("cancelThaw");
  }

  /** Takes thawed credit out, with the sender's leaf in the finalised debit tree. */
  public static Bytes withdraw(Address to, Proven<CrawlerLeaf> own) {
    return withdraw(to, List.of(own));
  }

  /** Takes thawed credit out, with the proof that the sender owes nothing. */
  public static Bytes withdraw(Address to, Absence<CrawlerLeaf> absence) {
    return withdraw(
        to,
        switch (absence) {
          case Absence.EmptyTree<CrawlerLeaf>() -> List.of();
          case Absence.BeforeFirst<CrawlerLeaf>(Proven<CrawlerLeaf> first) -> List.of(first);
          case Absence.AfterLast<CrawlerLeaf>(Proven<CrawlerLeaf> last) -> List.of(last);
          case Absence.Between<CrawlerLeaf>(Proven<CrawlerLeaf> left, Proven<CrawlerLeaf> right) ->
              List.of(left, right);
        });
  }

  private static Bytes withdraw(Address to, List<Proven<CrawlerLeaf>> proofs) {
    return Abi.call("withdraw", Abi.address(to), WireAbi.crawlerProofs(proofs));
  }

  /**
   * Registers a delegated signer of the sender.
   *
   * @param expiry seconds since 1970, unsigned
   * @param grant the signer's own signature over the {@code SignerGrant}
   */
  public static Bytes registerSigner(Address signer, long expiry, Signature grant) {
    return Abi.call(
        "registerSigner",
        Abi.address(signer),
        WireAbi.uint64(expiry),
        Abi.bytes(Bytes.wrap(grant.toBytes())));
  }

  /** Revokes a delegated signer of the sender. */
  public static Bytes revokeSigner(Address signer) {
    return Abi.call("revokeSigner", Abi.address(signer));
  }

  /** Names the metering ledger, once; admin. */
  public static Bytes setLedger(Address ledger) {
    return Abi.call("setLedger", Abi.address(ledger));
  }

  /** The metering ledger; zero while there is none. */
  public static View<Address> ledger() {
    return new View<>(Abi.call("ledger"), r -> r.address(0));
  }

  /** A crawler's deposits and withdrawals. */
  public static View<Account> accounts(Address crawler) {
    return new View<>(
        Abi.call("accounts", Abi.address(crawler)), r -> new Account(r.amount(0), r.amount(1)));
  }

  /** All deposits minus all withdrawals. */
  public static View<UsdcAmount> netDeposits() {
    return new View<>(Abi.call("netDeposits"), r -> r.amount(0));
  }

  /** Whether a signer may sign vouchers of a crawler at a time, in seconds since 1970. */
  public static View<Boolean> isSignerAt(Address crawler, Address signer, long at) {
    return new View<>(
        Abi.call("isSignerAt", Abi.address(crawler), Abi.address(signer), WireAbi.uint64(at)),
        r -> r.bool(0));
  }

  /** The separator of the credit domain. */
  public static View<Hash> domainSeparator() {
    return new View<>(Abi.call("domainSeparator"), r -> r.word(0));
  }
}
