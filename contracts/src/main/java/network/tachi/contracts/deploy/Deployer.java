package network.tachi.contracts.deploy;

import static network.tachi.chainconfig.ContractName.CRAWL_LICENSE;
import static network.tachi.chainconfig.ContractName.CREDIT_ESCROW;
import static network.tachi.chainconfig.ContractName.DISPUTE_RESOLVER;
import static network.tachi.chainconfig.ContractName.HEADER_ANCHOR;
import static network.tachi.chainconfig.ContractName.METERING_LEDGER;
import static network.tachi.chainconfig.ContractName.PAYMENT_PROCESSOR;

import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import network.tachi.chainconfig.ChainRole;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.ContractAt;
import network.tachi.chainconfig.Deployment;
import network.tachi.contracts.web3j.Escrow;
import network.tachi.contracts.web3j.Licenses;
import network.tachi.contracts.web3j.Payments;
import network.tachi.contracts.wire.SignerConfig;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Abi;
import network.tachi.evm.AbiValue;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
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
    return deploy(settlement, anchor, EnumSet.allOf(ChainRole.class));
  }

  /**
   * As {@link #deploy(ChainTarget, ChainTarget)}, on some of the chains only. The other one is not
   * asked anything: the parameters alone say what will stand there.
   */
  public Deployment deploy(ChainTarget settlement, ChainTarget anchor, Set<ChainRole> chains) {
    Map<ChainId, List<ContractAt>> standing = new LinkedHashMap<>();
    ChainDeployer onSettlement = new ChainDeployer(settlement, salt(), listener);
    ChainDeployer onAnchor = new ChainDeployer(anchor, salt(), listener);
    boolean withSettlement = chains.contains(ChainRole.SETTLEMENT);
    boolean withAnchor = chains.contains(ChainRole.ANCHOR);
    if (withSettlement) {
      onSettlement.check();
    }
    if (withAnchor) {
      onAnchor.check();
    }
    Hash deploymentId =
        walk(
            settlement.chain(),
            withSettlement ? onSettlement : new PlanningSteps(salt()),
            settlement.usdc(),
            withAnchor ? onAnchor : new PlanningSteps(salt()),
            anchor.usdc());
    if (withSettlement) {
      standing.put(settlement.chain(), onSettlement.contracts());
    }
    if (withAnchor) {
      standing.put(anchor.chain(), onAnchor.contracts());
    }
    return new Deployment(parameters.network(), deploymentId, standing);
  }

  /** What a deployment would do, without asking a node anything. */
  public DeploymentPlan plan(ChainSettings settlement, ChainSettings anchor) {
    PlanningSteps onSettlement = new PlanningSteps(salt());
    PlanningSteps onAnchor = new PlanningSteps(salt());
    Hash deploymentId =
        walk(
            settlement.chain(),
            onSettlement,
            settlement.usdc().address(),
            onAnchor,
            anchor.usdc().address());
    return new DeploymentPlan(parameters, deploymentId, onSettlement.steps(), onAnchor.steps());
  }

  private Hash salt() {
    return Keccak.hash("tachi.v1." + parameters.network());
  }

  /** All steps in their order. Returns the deployment's id. */
  private Hash walk(
      ChainId settlement,
      ChainSteps onSettlement,
      Address settlementUsdc,
      ChainSteps onAnchor,
      Address anchorUsdc) {
    Address license = deployPayments(onSettlement, settlementUsdc);
    Address ledger = deployMetering(onSettlement, settlementUsdc, license);
    deployPayments(onAnchor, anchorUsdc);
    Hash deploymentId = WireIds.deploymentId(settlement, ledger);
    deployAnchor(onAnchor, deploymentId);
    return deploymentId;
  }

  /**
   * Licences, payments and disputes, which live on both chains. Returns the address of
   * CrawlLicense.
   */
  private Address deployPayments(ChainSteps chain, Address usdc) {
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
            Abi.address(usdc),
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
        rpc -> new Licenses(rpc, license).resolver(),
        resolver,
        Licenses.setResolver(resolver),
        admin);
    chain.wire(
        license,
        "CrawlLicense.processor",
        rpc -> new Licenses(rpc, license).processor(),
        processor,
        Licenses.setProcessor(processor),
        admin);
    chain.wire(
        processor,
        "PaymentProcessor.resolver",
        rpc -> new Payments(rpc, processor).resolver(),
        resolver,
        Payments.setResolver(resolver),
        admin);
    return license;
  }

  /** Credits and settlement. Returns the address of MeteringLedger. */
  private Address deployMetering(ChainSteps chain, Address usdc, Address license) {
    Windows windows = parameters.windows();
    Address admin = parameters.admin();
    Address escrow =
        chain.deploy(
            CREDIT_ESCROW,
            Contracts.CREDIT_ESCROW,
            Abi.address(admin),
            Abi.address(usdc),
            seconds(windows.thaw()),
            seconds(windows.thawFallback()),
            seconds(windows.revokeDelay()));
    Address ledgerChallenges = chain.deployPart(Contracts.LEDGER_CHALLENGES, Abi.address(usdc));
    Address settlementChallenges =
        chain.deployPart(Contracts.SETTLEMENT_CHALLENGES, Abi.address(usdc), Abi.address(escrow));
    Address demandChallenges =
        chain.deployPart(
            Contracts.DEMAND_CHALLENGES,
            Abi.address(usdc),
            Abi.address(escrow),
            Abi.address(license),
            Abi.uint256(parameters.demandFee()),
            seconds(windows.demand()));
    Address lostBonds =
        chain.deployPart(
            Contracts.LOST_BONDS,
            Abi.address(usdc),
            Abi.address(escrow),
            Abi.address(license),
            seconds(windows.pot()));
    SignerConfig signers = parameters.signers();
    Address ledger =
        chain.deploy(
            METERING_LEDGER,
            Contracts.METERING_LEDGER,
            Abi.address(admin),
            Abi.address(usdc),
            Abi.address(escrow),
            Abi.address(license),
            Abi.tuple(
                seconds(windows.pending()),
                seconds(windows.longestPending()),
                seconds(windows.bondNotice()),
                seconds(windows.configDelay())),
            Abi.uint(8, signers.threshold()),
            addresses(signers),
            Abi.address(signers.attestationKey()),
            Abi.tuple(
                Abi.address(ledgerChallenges),
                Abi.address(settlementChallenges),
                Abi.address(demandChallenges),
                Abi.address(lostBonds)));
    chain.wire(
        escrow,
        "CreditEscrow.ledger",
        rpc -> new Escrow(rpc, escrow).ledger(),
        ledger,
        Escrow.setLedger(ledger),
        admin);
    return ledger;
  }

  private void deployAnchor(ChainSteps chain, Hash deploymentId) {
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
