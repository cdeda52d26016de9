package network.tachi.contracts.web3j;

import static network.tachi.contracts.web3j.Bindings.ask;
import static network.tachi.contracts.web3j.Bindings.data;
import static network.tachi.contracts.web3j.Bindings.uint64;

import java.math.BigInteger;
import java.util.List;
import network.tachi.contracts.wire.CrawlerLeaf;
import network.tachi.contracts.wire.Proven;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Eip3009;
import network.tachi.evm.Hash;
import network.tachi.evm.Signature;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthRpc;
import org.jspecify.annotations.NullMarked;

/** {@code CreditEscrow}: crawlers' credit and their signers. */
@NullMarked
public final class Escrow {
  private static final CreditEscrow ENCODER = Bindings.encoder(CreditEscrow::load);

  private final CreditEscrow escrow;

  /** The escrow on the head. */
  public Escrow(EthRpc rpc, Address contract) {
    escrow = Bindings.at(rpc, contract, BlockTag.LATEST, CreditEscrow::load);
  }

  /** The metering ledger; zero while there is none. */
  public Address ledger() {
    return Bindings.address(escrow.ledger());
  }

  /** The admin. */
  public Address owner() {
    return Bindings.address(escrow.owner());
  }

  /** The separator of the credit domain. */
  public Hash domainSeparator() {
    return Hash.of(ask(escrow.domainSeparator()));
  }

  /** Whether a signer may sign vouchers of a crawler at a time, in seconds since 1970. */
  public boolean isSignerAt(Address crawler, Address signer, long at) {
    return ask(escrow.isSignerAt(crawler.toString(), signer.toString(), uint64(at)));
  }

  /** Deposits for a crawler from the sender's allowance. */
  public static Bytes deposit(Address crawler, UsdcAmount amount) {
    return data(ENCODER.deposit(crawler.toString(), amount.toBigInteger()));
  }

  /** Deposits with the sender's EIP-2612 permit. */
  public static Bytes depositWithPermit(
      Address crawler, UsdcAmount amount, BigInteger deadline, Signature signature) {
    return data(
        ENCODER.depositWithPermit(
            crawler.toString(),
            amount.toBigInteger(),
            deadline,
            BigInteger.valueOf(signature.v()),
            signature.r().toBytes(),
            signature.s().toBytes()));
  }

  /**
   * Deposits by the crawler's EIP-3009 {@code receiveWithAuthorization}; anyone.
   *
   * @param authorization whose {@code to} is the escrow
   * @param signature packed, or of an EIP-1271 wallet
   */
  public static Bytes depositWithAuthorization(
      Eip3009.Authorization authorization, Bytes signature) {
    return data(
        ENCODER.depositWithAuthorization(
            authorization.from().toString(),
            authorization.value().toBigInteger(),
            authorization.validAfter(),
            authorization.validBefore(),
            authorization.nonce().toBytes(),
            signature.toArray()));
  }

  /** Starts to thaw credit of the sender. */
  public static Bytes requestThaw(UsdcAmount amount) {
    return data(ENCODER.requestThaw(amount.toBigInteger()));
  }

  /** Takes thawed credit out, with the sender's leaf in the finalised debit tree. */
  public static Bytes withdraw(Address to, Proven<CrawlerLeaf> own) {
    CrawlerLeaf leaf = own.leaf();
    var proof =
        new CreditEscrow.CrawlerProof(
            new CreditEscrow.CrawlerLeaf(
                leaf.crawler().toString(),
                leaf.cumulative().toBigInteger(),
                uint64(leaf.pairCount()),
                leaf.pairRoot().toBytes()),
            uint64(own.proof().index()),
            own.proof().path().stream()
                .map(n -> new CreditEscrow.SumNode(n.hash().toBytes(), n.sum().toBigInteger()))
                .toList());
    return data(ENCODER.withdraw(to.toString(), List.of(proof)));
  }

  /**
   * Registers a delegated signer of the sender.
   *
   * @param expiry seconds since 1970, unsigned
   * @param grant the signer's own signature over the {@code SignerGrant}
   */
  public static Bytes registerSigner(Address signer, long expiry, Signature grant) {
    return data(ENCODER.registerSigner(signer.toString(), uint64(expiry), grant.toBytes()));
  }

  /** Names the metering ledger, once; admin. */
  public static Bytes setLedger(Address ledger) {
    return data(ENCODER.setLedger(ledger.toString()));
  }
}
