package network.tachi.contracts.deploy;

import static network.tachi.chainconfig.ContractName.CRAWL_LICENSE;
import static network.tachi.chainconfig.ContractName.CREDIT_ESCROW;
import static network.tachi.chainconfig.ContractName.DISPUTE_RESOLVER;
import static network.tachi.chainconfig.ContractName.HEADER_ANCHOR;
import static network.tachi.chainconfig.ContractName.METERING_LEDGER;
import static network.tachi.chainconfig.ContractName.PAYMENT_PROCESSOR;

import java.time.Duration;
import java.util.Map;
import network.tachi.chainconfig.Deployment;
import network.tachi.contracts.web3j.Escrow;
import network.tachi.contracts.web3j.Licenses;
import network.tachi.contracts.web3j.Payments;
import network.tachi.contracts.wire.SignerConfig;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Abi;
import network.tachi.evm.AbiValue;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;

/**
 * Deploys the contracts of a network on its settlement chain and its anchor chain: by CREATE2, so
 * that the parameters alone decide the addresses. Every step looks at the chain first, so a run
 * after a complete one sends nothing, and a run after a broken one goes on where that stopped.
 * Deployed code is compared with the compiled code.
 */
public final class Deployer {
  private final DeploymentParameters parameters;
  private final DeployListener listener;

  /** Creates a deployer. */
  public Deployer(DeploymentParameters parameters, DeployListener listener) {
    this.parameters = parameters;
    this.listener = listener;
  }

  /**
   * Brings both chains to the state that the parameters describe.
   *
   * @return what stands where, to be written to the network's deployment file
   * @throws DeploymentException if a chain is not what it should be, or something else stands in
   *     the way
   * @throws TransactionFailedException if a transaction fails
   * @throws network.tachi.evm.rpc.RpcException if a node does not answer
   */
  public Deployment deploy(ChainTarget settlement, ChainTarget anchor) {
    Hash salt = Keccak.hash("tachi.v1." + parameters.network());
    ChainDeployer onSettlement = new ChainDeployer(settlement, salt, listener);
    ChainDeployer onAnchor = new ChainDeployer(anchor, salt, listener);
    onSettlement.check();
    onAnchor.check();

    Address license = deployPayments(onSettlement, settlement);
    Address ledger = deployMetering(onSettlement, settlement, license);
    deployPayments(onAnchor, anchor);
    Hash deploymentId = WireIds.deploymentId(settlement.chain(), ledger);
    deployAnchor(onAnchor, deploymentId);
    return new Deployment(
        parameters.network(),
        deploymentId,
        Map.of(settlement.chain(), onSettlement.contracts(), anchor.chain(), onAnchor.contracts()));
  }

  /**
   * Licences, payments and disputes, which live on both chains. Returns the address of
   * CrawlLicense.
   */
  private Address deployPayments(ChainDeployer chain, ChainTarget target) {
    Windows windows = parameters.windows();
    Address admin = parameters.admin();
    Address license =
        chain.deploy(
            CRAWL_LICENSE,
            Contracts.CRAWL_LICENSE,
            Abi.address(admin),
            Abi.address(parameters.registrar()),
            seconds(windows.payoutDelay()),
            seconds(windows.replacementDelay()),
            seconds(windows.recoveryDelay()));
    Address processor =
        chain.deploy(
            PAYMENT_PROCESSOR,
            Contracts.PAYMENT_PROCESSOR,
            Abi.address(admin),
            Abi.address(target.usdc()),
            Abi.address(license),
            Abi.address(parameters.feeRecipient()),
            Abi.uint(16, parameters.feeBps()),
            seconds(windows.feeDelay()),
            seconds(windows.bucket()),
            seconds(windows.hold()));
    Address resolver =
        chain.deploy(
            DISPUTE_RESOLVER,
            Contracts.DISPUTE_RESOLVER,
            Abi.address(admin),
            Abi.address(processor),
            Abi.address(license),
            Abi.address(parameters.arbiter()),
            seconds(windows.answer()),
            seconds(windows.escalate()),
            seconds(windows.rule()));
    chain.wire(
        license,
        "CrawlLicense.resolver",
        new Licenses(target.rpc(), license).resolver(),
        resolver,
        Licenses.setResolver(resolver),
        admin);
    chain.wire(
        license,
        "CrawlLicense.processor",
        new Licenses(target.rpc(), license).processor(),
        processor,
        Licenses.setProcessor(processor),
        admin);
    chain.wire(
        processor,
        "PaymentProcessor.resolver",
        new Payments(target.rpc(), processor).resolver(),
        resolver,
        Payments.setResolver(resolver),
        admin);
    return license;
  }

  /** Credits and settlement. Returns the address of MeteringLedger. */
  private Address deployMetering(ChainDeployer chain, ChainTarget target, Address license) {
    Windows windows = parameters.windows();
    Address admin = parameters.admin();
    Address escrow =
        chain.deploy(
            CREDIT_ESCROW,
            Contracts.CREDIT_ESCROW,
            Abi.address(admin),
            Abi.address(target.usdc()),
            seconds(windows.thaw()),
            seconds(windows.thawFallback()),
            seconds(windows.revokeDelay()));
    Address settlementChallenges =
        chain.deployPart(
            Contracts.SETTLEMENT_CHALLENGES, Abi.address(target.usdc()), Abi.address(escrow));
    SignerConfig signers = parameters.signers();
    Address ledger =
        chain.deploy(
            METERING_LEDGER,
            Contracts.METERING_LEDGER,
            Abi.address(admin),
            Abi.address(target.usdc()),
            Abi.address(escrow),
            Abi.address(license),
            Abi.tuple(
                seconds(windows.pending()),
                seconds(windows.bondNotice()),
                seconds(windows.configDelay())),
            Abi.uint(8, signers.threshold()),
            addresses(signers),
            Abi.address(signers.attestationKey()),
            Abi.address(settlementChallenges));
    chain.wire(
        escrow,
        "CreditEscrow.ledger",
        new Escrow(target.rpc(), escrow).ledger(),
        ledger,
        Escrow.setLedger(ledger),
        admin);
    return ledger;
  }

  private void deployAnchor(ChainDeployer chain, Hash deploymentId) {
    SignerConfig signers = parameters.signers();
    chain.deploy(
        HEADER_ANCHOR,
        Contracts.HEADER_ANCHOR,
        Abi.address(parameters.admin()),
        Abi.bytes32(deploymentId),
        seconds(parameters.windows().configDelay()),
        Abi.uint(8, signers.threshold()),
        addresses(signers),
        Abi.address(signers.attestationKey()));
  }

  private static AbiValue addresses(SignerConfig signers) {
    return Abi.array("address", signers.signers().stream().map(Abi::address).toList());
  }

  private static AbiValue seconds(Duration duration) {
    return Abi.uint(64, duration.toSeconds());
  }
}
