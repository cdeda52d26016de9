package network.tachi.contracts.deploy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import network.tachi.chainconfig.ChainRole;
import network.tachi.chainconfig.ContractName;
import network.tachi.contracts.wire.SignerConfig;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthRpc;

/**
 * Reads a deployment back: the code of each contract against the build, every parameter, every
 * setting and the owners. Only reads.
 */
public final class DeploymentCheck {
  /** Slots of the ledger's ring of pending headers. */
  private static final int RING_SLOTS = 64;

  /**
   * One thing that was read.
   *
   * @param what such as {@code CrawlLicense.registrar}
   * @param expected as it should be
   * @param found as it is
   * @param ok whether they agree
   */
  public record Finding(String what, String expected, String found, boolean ok) {
    @Override
    public String toString() {
      return ok ? what + " = " + found : what + ": expected " + expected + ", found " + found;
    }
  }

  private final DeploymentPlan plan;
  private final ChainRole role;
  private final Address usdc;
  private final EthRpc rpc;
  private final List<Finding> findings = new ArrayList<>();

  /** A check of one chain of a plan. */
  public DeploymentCheck(DeploymentPlan plan, ChainRole role, Address usdc, EthRpc rpc) {
    this.plan = plan;
    this.role = role;
    this.usdc = usdc;
    this.rpc = rpc;
  }

  /**
   * Reads everything.
   *
   * @param newOwner who the contracts were handed to; empty if the admin keeps them
   */
  public List<Finding> run(Optional<Address> newOwner) {
    findings.clear();
    for (PlannedStep.Create each : plan.creations(role)) {
      code(each.name(), each.address());
    }
    if (findings.stream().allMatch(Finding::ok)) {
      for (PlannedStep step : plan.steps(role)) {
        if (step instanceof PlannedStep.Set set) {
          word(set.to(), set.setting(), set.getter(), set.expected().toWord());
        }
      }
      plan.owned(role).forEach(each -> owner(each, newOwner));
      payments();
      switch (role) {
        case SETTLEMENT -> metering();
        case ANCHOR -> headerAnchor();
      }
    }
    return List.copyOf(findings);
  }

  private void code(String name, Address address) {
    Bytes found = rpc.code(address, BlockTag.LATEST);
    boolean same = !found.isEmpty() && Artifact.load(name).isRuntime(found);
    findings.add(
        new Finding(
            name + " at " + address,
            "the compiled code",
            same ? "the compiled code" : found.isEmpty() ? "no code" : "other code",
            same));
  }

  private void owner(PlannedStep.Create contract, Optional<Address> newOwner) {
    Address owner = Readings.address(rpc, contract.address(), "owner");
    Address pending = Readings.address(rpc, contract.address(), "pendingOwner");
    Address admin = plan.parameters().admin();
    Address expected = newOwner.orElse(admin);
    boolean ok =
        owner.equals(expected)
            ? pending.isZero()
            : newOwner.isPresent() && owner.equals(admin) && pending.equals(expected);
    findings.add(
        new Finding(
            contract.name() + ".owner",
            expected + (newOwner.isPresent() ? ", or proposed to it by the admin" : ""),
            owner + (pending.isZero() ? "" : ", proposed to " + pending),
            ok));
  }

  private void payments() {
    DeploymentParameters parameters = plan.parameters();
    Windows windows = parameters.windows();
    Address license = plan.address(role, ContractName.CRAWL_LICENSE);
    Address processor = plan.address(role, ContractName.PAYMENT_PROCESSOR);
    Address resolver = plan.address(role, ContractName.DISPUTE_RESOLVER);
    address(license, Contracts.CRAWL_LICENSE, "registrar", parameters.registrar());
    seconds(license, Contracts.CRAWL_LICENSE, "payoutDelay", windows.payoutDelay());
    seconds(license, Contracts.CRAWL_LICENSE, "replacementDelay", windows.replacementDelay());
    seconds(license, Contracts.CRAWL_LICENSE, "recoveryDelay", windows.recoveryDelay());
    address(processor, Contracts.PAYMENT_PROCESSOR, "usdc", usdc);
    address(processor, Contracts.PAYMENT_PROCESSOR, "license", license);
    address(processor, Contracts.PAYMENT_PROCESSOR, "feeRecipient", parameters.feeRecipient());
    number(processor, Contracts.PAYMENT_PROCESSOR, "feeBps", parameters.feeBps());
    seconds(processor, Contracts.PAYMENT_PROCESSOR, "feeDelay", windows.feeDelay());
    seconds(processor, Contracts.PAYMENT_PROCESSOR, "bucketSeconds", windows.bucket());
    seconds(processor, Contracts.PAYMENT_PROCESSOR, "holdSeconds", windows.hold());
    number(processor, Contracts.PAYMENT_PROCESSOR, "paused", 0);
    word(
        processor,
        "PaymentProcessor.vaultInitCodeHash",
        "vaultInitCodeHash",
        Artifact.load(Contracts.VAULT).creation().keccak());
    address(resolver, Contracts.DISPUTE_RESOLVER, "processor", processor);
    address(resolver, Contracts.DISPUTE_RESOLVER, "license", license);
    address(resolver, Contracts.DISPUTE_RESOLVER, "arbiter", parameters.arbiter());
    seconds(resolver, Contracts.DISPUTE_RESOLVER, "answerSeconds", windows.answer());
    seconds(resolver, Contracts.DISPUTE_RESOLVER, "escalateSeconds", windows.escalate());
    seconds(resolver, Contracts.DISPUTE_RESOLVER, "ruleSeconds", windows.rule());
  }

  private void metering() {
    Windows windows = plan.parameters().windows();
    Address escrow = plan.address(role, ContractName.CREDIT_ESCROW);
    Address ledger = plan.address(role, ContractName.METERING_LEDGER);
    address(escrow, Contracts.CREDIT_ESCROW, "usdc", usdc);
    seconds(escrow, Contracts.CREDIT_ESCROW, "thawSeconds", windows.thaw());
    seconds(escrow, Contracts.CREDIT_ESCROW, "fallbackSeconds", windows.thawFallback());
    seconds(escrow, Contracts.CREDIT_ESCROW, "revokeDelay", windows.revokeDelay());
    number(escrow, Contracts.CREDIT_ESCROW, "paused", 0);
    number(escrow, Contracts.CREDIT_ESCROW, "solvent", 1);
    address(ledger, Contracts.METERING_LEDGER, "usdc", usdc);
    address(ledger, Contracts.METERING_LEDGER, "escrow", escrow);
    address(
        ledger,
        Contracts.METERING_LEDGER,
        "license",
        plan.address(role, ContractName.CRAWL_LICENSE));
    seconds(ledger, Contracts.METERING_LEDGER, "minWindowSeconds", windows.pending());
    seconds(ledger, Contracts.METERING_LEDGER, "maxWindowSeconds", windows.longestPending());
    seconds(ledger, Contracts.METERING_LEDGER, "bondNoticeSeconds", windows.bondNotice());
    seconds(
        ledger, Contracts.METERING_LEDGER, "closedAtMaxAge", windows.thawFallback().dividedBy(2));
    seconds(ledger, Contracts.METERING_LEDGER, "demandSeconds", windows.demand());
    word(ledger, "MeteringLedger.demandFee", "demandFee", plan.parameters().demandFee().toWord());
    seconds(
        Readings.address(rpc, ledger, "lostBonds"),
        Contracts.LOST_BONDS,
        "potSeconds",
        windows.pot());
    number(ledger, Contracts.METERING_LEDGER, "RING_SIZE", RING_SLOTS);
    code(Contracts.LEDGER_CHALLENGES, Readings.address(rpc, ledger, "challenges"));
    signerConfig(ledger, Contracts.METERING_LEDGER);
  }

  private void headerAnchor() {
    signerConfig(plan.address(role, ContractName.HEADER_ANCHOR), Contracts.HEADER_ANCHOR);
  }

  private void signerConfig(Address contract, String name) {
    SignerConfig signers = plan.parameters().signers();
    word(contract, name + ".deploymentId", "deploymentId", plan.deploymentId());
    word(contract, name + ".configDigest", "configDigest", signers.digest(plan.deploymentId()));
    seconds(contract, name, "configDelay", plan.parameters().windows().configDelay());
  }

  private void address(Address contract, String name, String getter, Address expected) {
    word(contract, name + "." + getter, getter, expected.toWord());
  }

  private void seconds(Address contract, String name, String getter, Duration expected) {
    number(contract, name, getter, expected.toSeconds());
  }

  private void number(Address contract, String name, String getter, long expected) {
    word(contract, name + "." + getter, getter, Hash.ofUint(expected));
  }

  private void word(Address contract, String what, String getter, Hash expected) {
    Optional<Hash> found = Readings.word(rpc, contract, getter);
    findings.add(
        new Finding(
            what,
            expected.toString(),
            found.map(Hash::toString).orElse("no answer"),
            found.filter(expected::equals).isPresent()));
  }
}
