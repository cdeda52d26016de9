package network.tachi.contracts.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import network.tachi.chainconfig.ChainRole;
import network.tachi.chainconfig.Deployment;
import network.tachi.chainconfig.Network;
import network.tachi.contracts.wire.SignerConfig;
import network.tachi.evm.Abi;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Signer;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.Receipt;
import network.tachi.testkit.Anvil;
import network.tachi.testkit.AnvilOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A whole deployment of each public network: planned, priced, done, handed over, read back. */
class DeploymentPlanTest {
  private static final Duration EPOCH = Duration.ofMinutes(15);

  private static Address person(String name) {
    return Signer.of(LocalNetwork.key(name)).address();
  }

  private static DeploymentParameters parameters(String network, int threshold, Windows windows) {
    List<Address> roots =
        List.of(person("root 0"), person("root 1"), person("root 2")).stream().sorted().toList();
    return new DeploymentParameters(
        network,
        person("admin"),
        person("registrar"),
        person("arbiter"),
        person("treasury"),
        250,
        DeploymentParameters.DEMAND_FEE,
        new SignerConfig(1, threshold, roots, person("attestation")),
        windows);
  }

  private static DirectTxSender sender(Anvil chain, String who) {
    return new DirectTxSender(
        chain.rpc(), chain.chain(), chain.account(who), Duration.ofSeconds(30));
  }

  /** Adds up what the transactions really used. */
  private record Metered(TxSender inner, AtomicLong gas) implements TxSender {
    @Override
    public Address address() {
      return inner.address();
    }

    @Override
    public Receipt send(Address to, Bytes data, BigInteger value) {
      Receipt receipt = inner.send(to, data, value);
      gas.addAndGet(receipt.gasUsed());
      return receipt;
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"base,ethereum", "base-sepolia,sepolia"})
  void publicNetwork_shouldBePlannedPricedDeployedHandedOverAndReadBack(String name) {
    Network network = Network.bare(name, Map.of());
    ChainId settlementId = network.settlement().chain();
    ChainId anchorId = network.anchor().chain();
    try (Anvil base = Anvil.start(new AnvilOptions(settlementId, 32, 0, true));
        Anvil ethereum = Anvil.start(new AnvilOptions(anchorId, 2, 0, true))) {
      for (var chain : network.chains()) {
        Anvil anvil = chain.role() == ChainRole.SETTLEMENT ? base : ethereum;
        new LocalUsdcInstaller(
                anvil.rpc(), chain.chain(), sender(anvil, "issuer"), DeployListener.SILENT)
            .install(chain.usdc().address(), chain.usdc().name());
      }
      AtomicLong baseGas = new AtomicLong();
      AtomicLong ethereumGas = new AtomicLong();
      ChainTarget onBase =
          ChainTarget.of(
              network.settlement(), base.rpc(), new Metered(sender(base, "admin"), baseGas));
      ChainTarget onEthereum =
          ChainTarget.of(
              network.anchor(),
              ethereum.rpc(),
              new Metered(sender(ethereum, "admin"), ethereumGas));
      DeploymentParameters parameters = parameters(name, 2, Windows.production());
      assertThat(SafetyRules.broken(parameters, EPOCH, true)).isEmpty();
      Deployer deployer = new Deployer(parameters, DeployListener.SILENT);
      DeploymentPlan plan = deployer.plan(network.settlement(), network.anchor());
      Handover toMultisig = new Handover(person("multisig"));

      DryRun pricing = new DryRun(base.rpc(), person("admin"));
      long head = base.rpc().blockNumber();
      DryRun.Cost cost = pricing.estimate(plan, ChainRole.SETTLEMENT, Optional.of(toMultisig));
      DryRun.Cost anchorCost =
          new DryRun(ethereum.rpc(), person("admin"))
              .estimate(plan, ChainRole.ANCHOR, Optional.of(toMultisig));
      assertThat(base.rpc().blockNumber()).isEqualTo(head);
      assertThat(cost.steps()).noneMatch(DryRun.Step::stands);
      assertThat(cost.wei()).isPositive();
      DeploymentCheck check =
          new DeploymentCheck(
              plan, ChainRole.SETTLEMENT, network.settlement().usdc().address(), base.rpc());
      assertThat(check.run(Optional.empty())).isNotEmpty().noneMatch(DeploymentCheck.Finding::ok);

      // The anchor's half first and alone: what stands on the other chain follows from the plan.
      Deployment half = deployer.deploy(onBase, onEthereum, EnumSet.of(ChainRole.ANCHOR));
      assertThat(half.contracts()).containsOnlyKeys(anchorId);
      Deployment whole = deployer.deploy(onBase, onEthereum);
      assertThat(whole.deploymentId())
          .isEqualTo(half.deploymentId())
          .isEqualTo(plan.deploymentId());
      assertThat(whole.contracts().get(anchorId)).isEqualTo(half.contracts().get(anchorId));
      assertThat(check.run(Optional.empty())).filteredOn(each -> !each.ok()).isEmpty();

      List<Handover.Missing> missing = new ArrayList<>();
      missing.addAll(
          toMultisig.propose(plan.owned(ChainRole.SETTLEMENT), onBase, DeployListener.SILENT));
      assertThat(missing).hasSize(5);
      assertThat(
              toMultisig.propose(plan.owned(ChainRole.ANCHOR), onEthereum, DeployListener.SILENT))
          .hasSize(4);
      assertThat(baseGas.get()).isCloseTo(cost.gas(), withinPercentage(1));
      assertThat(ethereumGas.get()).isCloseTo(anchorCost.gas(), withinPercentage(1));
      assertThat(check.run(Optional.of(person("multisig"))))
          .filteredOn(each -> !each.ok())
          .isEmpty();
      assertThat(check.run(Optional.empty()))
          .filteredOn(each -> !each.ok())
          .hasSize(5)
          .allMatch(each -> each.what().endsWith(".owner"));
      assertThat(pricing.estimate(plan, ChainRole.SETTLEMENT, Optional.of(toMultisig)).gas())
          .isZero();

      DirectTxSender multisig = sender(base, "multisig");
      missing.forEach(each -> multisig.send(each.contract(), Handover.ACCEPT));
      long sentBefore = base.rpc().blockNumber();
      assertThat(
              toMultisig.propose(plan.owned(ChainRole.SETTLEMENT), onBase, DeployListener.SILENT))
          .isEmpty();
      deployer.deploy(onBase, onEthereum);
      assertThat(base.rpc().blockNumber()).isEqualTo(sentBefore);
      assertThat(check.run(Optional.of(person("multisig"))))
          .filteredOn(each -> !each.ok())
          .isEmpty();
      assertThatThrownBy(() ->
              new Handover(person("thief"))
                  .propose(plan.owned(ChainRole.SETTLEMENT), onBase, DeployListener.SILENT))
          .isInstanceOf(DeploymentException.class)
          .hasMessageContaining("belongs to " + person("multisig"));

      Address license = plan.owned(ChainRole.SETTLEMENT).getFirst().address();
      byte[] changed = base.rpc().code(license, BlockTag.LATEST).toArray();
      changed[200] ^= 1;
      base.setCode(license, Bytes.wrap(changed));
      assertThat(check.run(Optional.of(person("multisig"))))
          .filteredOn(each -> !each.ok())
          .singleElement()
          .asString()
          .contains("CrawlLicense", "expected the compiled code, found other code");
    }
  }

  @Test
  void changedSetting_shouldBeFound() {
    try (LocalNetwork network = new LocalNetwork()) {
      network.deploy();
      DirectTxSender admin = network.onBase("admin");
      Network settings = Network.bare("local", Map.of());
      DeploymentPlan plan =
          new Deployer(network.parameters(), DeployListener.SILENT)
              .plan(settings.settlement(), settings.anchor());
      Address license = plan.owned(ChainRole.SETTLEMENT).getFirst().address();
      admin.send(license, Abi.call("setRegistrar", Abi.address(person("stranger"))));
      assertThat(
              new DeploymentCheck(
                      plan, ChainRole.SETTLEMENT, LocalNetwork.BASE_USDC, network.base.rpc())
                  .run(Optional.empty()))
          .filteredOn(each -> !each.ok())
          .singleElement()
          .satisfies(finding -> {
            assertThat(finding.what()).isEqualTo("CrawlLicense.registrar");
            assertThat(finding.found()).isEqualTo(person("stranger").toWord().toString());
          });
    }
  }

  private static Windows with(Duration pending, Duration thaw, Duration revoke) {
    Windows p = Windows.production();
    return new Windows(
        p.payoutDelay(),
        p.replacementDelay(),
        p.recoveryDelay(),
        p.feeDelay(),
        p.bucket(),
        p.hold(),
        p.answer(),
        p.escalate(),
        p.rule(),
        thaw,
        p.thawFallback(),
        revoke,
        pending,
        p.longestPending(),
        p.bondNotice(),
        p.configDelay(),
        p.demand(),
        p.pot());
  }

  @Test
  void unsafeParameters_shouldBeNamed() {
    Windows good = Windows.production();
    DeploymentParameters safe = parameters("base,ethereum", 2, good);
    assertThat(SafetyRules.broken(safe, EPOCH, true)).isEmpty();
    assertThat(SafetyRules.broken(safe, Duration.ofMinutes(14), true))
        .singleElement()
        .asString()
        .contains("64 slots");
    assertThat(SafetyRules.broken(safe, Duration.ofSeconds(843), true)).hasSize(1);
    assertThat(SafetyRules.broken(safe, Duration.ofSeconds(844), true)).isEmpty();
    assertThat(
            SafetyRules.broken(
                parameters("x", 2, with(good.pending(), good.thaw(), Duration.ofHours(8))),
                EPOCH,
                true))
        .singleElement()
        .asString()
        .contains("revocation");
    assertThat(
            SafetyRules.broken(
                parameters("x", 2, with(good.pending(), Duration.ofHours(6), good.revokeDelay())),
                EPOCH,
                true))
        .singleElement()
        .asString()
        .contains("thaw");
    assertThat(SafetyRules.broken(parameters("x", 1, good), EPOCH, true))
        .singleElement()
        .asString()
        .contains("threshold");
    assertThat(SafetyRules.broken(parameters("x", 1, good), EPOCH, false)).isEmpty();
    DeploymentParameters zero =
        new DeploymentParameters(
            "x",
            safe.admin(),
            Address.ZERO,
            safe.arbiter(),
            safe.feeRecipient(),
            250,
            DeploymentParameters.DEMAND_FEE,
            safe.signers(),
            good);
    assertThat(SafetyRules.broken(zero, EPOCH, false))
        .singleElement()
        .asString()
        .contains("registrar");
    DeploymentParameters shared =
        new DeploymentParameters(
            "x",
            safe.admin(),
            safe.admin(),
            safe.arbiter(),
            safe.feeRecipient(),
            250,
            DeploymentParameters.DEMAND_FEE,
            safe.signers(),
            good);
    assertThat(SafetyRules.broken(shared, EPOCH, true))
        .singleElement()
        .asString()
        .contains("two roles");
  }
}
