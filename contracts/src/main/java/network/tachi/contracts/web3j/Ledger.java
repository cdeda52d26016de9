package network.tachi.contracts.web3j;

import static network.tachi.contracts.web3j.Bindings.ask;
import static network.tachi.contracts.web3j.Bindings.data;
import static network.tachi.contracts.web3j.Bindings.uint64;

import java.util.List;
import network.tachi.contracts.wire.LicenseLeaf;
import network.tachi.contracts.wire.Proven;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthRpc;
import org.jspecify.annotations.NullMarked;

/** {@code MeteringLedger}: what vouchers earned. */
@NullMarked
public final class Ledger {
  private static final MeteringLedger ENCODER = Bindings.encoder(MeteringLedger::load);

  private final MeteringLedger ledger;

  /** The ledger on the head. */
  public Ledger(EthRpc rpc, Address contract) {
    ledger = Bindings.at(rpc, contract, BlockTag.LATEST, MeteringLedger::load);
  }

  /** The admin. */
  public Address owner() {
    return Bindings.address(ledger.owner());
  }

  /** The escrow that pays. */
  public Address escrow() {
    return Bindings.address(ledger.escrow());
  }

  /** The id of the deployment. */
  public Hash deploymentId() {
    return Hash.of(ask(ledger.deploymentId()));
  }

  /** The digest of the signer configuration in force. */
  public Hash configDigest() {
    return Hash.of(ask(ledger.configDigest()));
  }

  /** The separator of the metering domain. */
  public Hash domainSeparator() {
    return Hash.of(ask(ledger.domainSeparator()));
  }

  /** The separator of the header domain. */
  public Hash headerDomainSeparator() {
    return Hash.of(ask(ledger.headerDomainSeparator()));
  }

  /** Pays a licence what the last finalised header gives it; anyone. */
  public static Bytes claim(Proven<LicenseLeaf> licence) {
    return data(
        ENCODER.claim(leaf(licence.leaf()), uint64(licence.proof().index()), path(licence)));
  }

  /** Claims for many licences; one that fails is skipped. Anyone. */
  public static Bytes claimBatch(List<Proven<LicenseLeaf>> licences) {
    return data(
        ENCODER.claimBatch(
            licences.stream()
                .map(each ->
                    new MeteringLedger.LicenseProof(
                        leaf(each.leaf()), uint64(each.proof().index()), path(each)))
                .toList()));
  }

  private static MeteringLedger.LicenseLeaf leaf(LicenseLeaf leaf) {
    return new MeteringLedger.LicenseLeaf(
        leaf.licenseId().toBigInteger(),
        leaf.cumulative().toBigInteger(),
        uint64(leaf.pairCount()),
        leaf.pairRoot().toBytes());
  }

  private static List<MeteringLedger.SumNode> path(Proven<LicenseLeaf> licence) {
    return licence.proof().path().stream()
        .map(n -> new MeteringLedger.SumNode(n.hash().toBytes(), n.sum().toBigInteger()))
        .toList();
  }
}
