package network.tachi.oracle;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.tachi.chainconfig.ChainRole;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.ContractName;
import network.tachi.chainconfig.Deployment;
import network.tachi.chainconfig.Network;
import network.tachi.chainconfig.UsdcConfig;
import network.tachi.contracts.call.UsdcCalls;
import network.tachi.contracts.deploy.ChainTarget;
import network.tachi.contracts.deploy.DeployListener;
import network.tachi.contracts.deploy.Deployer;
import network.tachi.contracts.deploy.DeploymentParameters;
import network.tachi.contracts.deploy.DirectTxSender;
import network.tachi.contracts.deploy.LocalUsdcInstaller;
import network.tachi.contracts.deploy.Windows;
import network.tachi.contracts.web3j.Escrow;
import network.tachi.contracts.web3j.Usdc;
import network.tachi.contracts.wire.EpochHeader;
import network.tachi.contracts.wire.QuorumSignature;
import network.tachi.contracts.wire.WireDomain;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.Signature;
import network.tachi.evm.Signer;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.testkit.Anvil;
import network.tachi.testkit.AnvilOptions;

/**
 * Two anvil chains with every contract, one set for a test class; each test starts from a snapshot.
 */
final class Chains implements AutoCloseable {
  private static final Address BASE_USDC =
      Address.parse("0x036CbD53842c5426634e7929541eC2318f3dCF7e");
  private static final Address ETHEREUM_USDC =
      Address.parse("0x1c7D4B196Cb0C7B01d743Fbc6116a902379C7238");

  final Anvil base = Anvil.start(AnvilOptions.BASE);
  final Anvil ethereum = Anvil.start(AnvilOptions.ETHEREUM);
  final OracleKeys keys =
      new OracleKeys(
          1,
          2,
          Samples.signer("attestation"),
          List.of(Samples.signer("root 0"), Samples.signer("root 1"), Samples.signer("root 2")),
          base.account("oracle"),
          ethereum.account("oracle"));
  final Network network;
  private String baseSnapshot;
  private String ethereumSnapshot;

  Chains() {
    this(Windows.local());
  }

  Chains(Windows windows) {
    DirectTxSender baseAdmin = sender(base, "admin");
    DirectTxSender ethereumAdmin = sender(ethereum, "admin");
    install(base, baseAdmin, BASE_USDC);
    install(ethereum, ethereumAdmin, ETHEREUM_USDC);
    Address admin = baseAdmin.address();
    Deployment deployment =
        new Deployer(
                new DeploymentParameters(
                    "local",
                    admin,
                    admin,
                    admin,
                    admin,
                    100,
                    DeploymentParameters.DEMAND_FEE,
                    keys.signerConfig(),
                    windows),
                DeployListener.SILENT)
            .deploy(
                new ChainTarget(base.chain(), BASE_USDC, base.rpc(), baseAdmin),
                new ChainTarget(ethereum.chain(), ETHEREUM_USDC, ethereum.rpc(), ethereumAdmin));
    network =
        new Network(
            "local",
            List.of(
                settings("base", base, ChainRole.SETTLEMENT, BASE_USDC, deployment),
                settings("ethereum", ethereum, ChainRole.ANCHOR, ETHEREUM_USDC, deployment)),
            Optional.of(deployment.deploymentId()));
    baseAdmin.send(
        BASE_USDC, Usdc.mint(keys.settlementSender().address(), UsdcAmount.parseUsdc("100000")));
    baseSnapshot = base.snapshot();
    ethereumSnapshot = ethereum.snapshot();
  }

  private static void install(Anvil chain, DirectTxSender admin, Address usdc) {
    new LocalUsdcInstaller(chain.rpc(), chain.chain(), admin, DeployListener.SILENT)
        .install(usdc, "USDC");
  }

  private static ChainSettings settings(
      String key, Anvil anvil, ChainRole role, Address usdc, Deployment deployment) {
    return new ChainSettings(
        key,
        anvil.chain(),
        role,
        List.of(anvil.uri()),
        List.of(),
        Duration.ofSeconds(2),
        1_000,
        new UsdcConfig(usdc, "USDC", "2"),
        deployment.contracts().getOrDefault(anvil.chain(), List.of()));
  }

  /** Forgets everything since the deployment. */
  void reset() {
    base.revert(baseSnapshot);
    ethereum.revert(ethereumSnapshot);
    baseSnapshot = base.snapshot();
    ethereumSnapshot = ethereum.snapshot();
  }

  static DirectTxSender sender(Anvil chain, String who) {
    return new DirectTxSender(
        chain.rpc(), chain.chain(), chain.account(who), Duration.ofSeconds(20));
  }

  static DirectTxSender sender(Anvil chain, Signer who) {
    chain.setBalance(who.address(), java.math.BigInteger.TEN.pow(20));
    return new DirectTxSender(chain.rpc(), chain.chain(), who, Duration.ofSeconds(20));
  }

  /** Gives an account USDC on Base. */
  void mint(Address to, UsdcAmount amount) {
    sender(base, "admin").send(usdc(), Usdc.mint(to, amount));
  }

  /** Deposits credit on chain. */
  void deposit(Signer crawler, UsdcAmount amount) {
    mint(crawler.address(), amount);
    DirectTxSender sender = sender(base, crawler);
    sender.send(usdc(), UsdcCalls.approve(escrow(), amount));
    sender.send(escrow(), Escrow.deposit(crawler.address(), amount));
  }

  UsdcAmount balance(Address account) {
    return new Usdc(base.rpc(), usdc()).balanceOf(account);
  }

  /** A quorum's signatures, made with the keys themselves: nobody recomputes anything. */
  QuorumSignature signBlindly(EpochHeader header) {
    Hash digest = header.digest(WireDomain.header(network.deploymentId().orElseThrow()));
    Map<Address, Signature> signatures = new HashMap<>();
    keys.roots().forEach(root -> signatures.put(root.address(), root.sign(digest)));
    return QuorumSignature.of(keys.signerConfig(), signatures);
  }

  Address usdc() {
    return BASE_USDC;
  }

  Address ledger() {
    return network.settlement().address(ContractName.METERING_LEDGER);
  }

  Address escrow() {
    return network.settlement().address(ContractName.CREDIT_ESCROW);
  }

  Address processor() {
    return network.settlement().address(ContractName.PAYMENT_PROCESSOR);
  }

  Address license() {
    return network.settlement().address(ContractName.CRAWL_LICENSE);
  }

  Address anchor() {
    return network.anchor().address(ContractName.HEADER_ANCHOR);
  }

  long now() {
    return base.rpc().block(BlockTag.LATEST).orElseThrow().timestamp();
  }

  @Override
  public void close() {
    base.close();
    ethereum.close();
  }
}
