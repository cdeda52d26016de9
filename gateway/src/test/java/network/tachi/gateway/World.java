package network.tachi.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import network.tachi.chainconfig.ContractAt;
import network.tachi.chainconfig.ContractName;
import network.tachi.chainconfig.Deployment;
import network.tachi.contracts.deploy.ChainTarget;
import network.tachi.contracts.deploy.DeployListener;
import network.tachi.contracts.deploy.Deployer;
import network.tachi.contracts.deploy.DeploymentParameters;
import network.tachi.contracts.deploy.DirectTxSender;
import network.tachi.contracts.deploy.LocalUsdcInstaller;
import network.tachi.contracts.deploy.Windows;
import network.tachi.contracts.web3j.Licenses;
import network.tachi.contracts.web3j.Usdc;
import network.tachi.contracts.wire.SignerConfig;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Address;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.evm.PrivateKey;
import network.tachi.evm.Signer;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.testkit.Anvil;
import network.tachi.testkit.AnvilOptions;

/**
 * A real chain with every contract, shared by all tests of this JVM; each test brings its own
 * accounts and licence.
 */
final class World {
  static final Address USDC = Address.parse("0x036CbD53842c5426634e7929541eC2318f3dCF7e");
  private static final Address ANCHOR_USDC =
      Address.parse("0x1c7D4B196Cb0C7B01d743Fbc6116a902379C7238");
  private static final AtomicInteger NAMES = new AtomicInteger();

  final Anvil base = Anvil.start(AnvilOptions.BASE);
  final Signer attestationKey = signer("attestation key");
  final Settlement settlement;
  private final Address license;
  private final DirectTxSender admin;

  private World() {
    admin = sender(base, base.account("admin"));
    new LocalUsdcInstaller(base.rpc(), base.chain(), admin, DeployListener.SILENT)
        .install(USDC, "USDC");
    Deployment deployment = deploy();
    List<ContractAt> contracts = deployment.contracts().getOrDefault(base.chain(), List.of());
    license = at(contracts, ContractName.CRAWL_LICENSE);
    settlement =
        new Settlement(
            base.chain(),
            USDC,
            "USDC",
            "2",
            at(contracts, ContractName.PAYMENT_PROCESSOR),
            at(contracts, ContractName.CREDIT_ESCROW),
            at(contracts, ContractName.METERING_LEDGER));
  }

  private static final class Holder {
    private static final World INSTANCE = new World();
  }

  static World instance() {
    return Holder.INSTANCE;
  }

  private Deployment deploy() {
    try (Anvil ethereum = Anvil.start(AnvilOptions.ETHEREUM)) {
      DirectTxSender anchorAdmin = sender(ethereum, ethereum.account("admin"));
      new LocalUsdcInstaller(ethereum.rpc(), ethereum.chain(), anchorAdmin, DeployListener.SILENT)
          .install(ANCHOR_USDC, "USDC");
      Address owner = admin.address();
      SignerConfig signers =
          new SignerConfig(1, 1, List.of(signer("root").address()), attestationKey.address());
      return new Deployer(
              new DeploymentParameters(
                  "local",
                  owner,
                  owner,
                  owner,
                  owner,
                  100,
                  DeploymentParameters.DEMAND_FEE,
                  signers,
                  Windows.local()),
              DeployListener.SILENT)
          .deploy(
              new ChainTarget(base.chain(), USDC, base.rpc(), admin),
              new ChainTarget(ethereum.chain(), ANCHOR_USDC, ethereum.rpc(), anchorAdmin));
    }
  }

  private static Address at(List<ContractAt> contracts, ContractName name) {
    Optional<ContractAt> found = contracts.stream().filter(each -> each.name() == name).findFirst();
    return found.orElseThrow().address();
  }

  static Signer signer(String name) {
    return Signer.of(PrivateKey.of(Keccak.hash("gateway test " + name).toBytes()));
  }

  /** A name that no other test has. */
  static String unique(String prefix) {
    return prefix + NAMES.incrementAndGet();
  }

  static DirectTxSender sender(Anvil chain, Signer who) {
    return new DirectTxSender(chain.rpc(), chain.chain(), who, Duration.ofSeconds(20));
  }

  /** Mints a licence whose claim to the domain is verified. */
  synchronized LicenseId license(String domain, Address payout) {
    admin.send(license, Licenses.mint("https://" + domain + "/terms", payout, Address.ZERO));
    LicenseId id = LicenseId.of(new Licenses(base.rpc(), license).totalSupply());
    admin.send(license, Licenses.claimDomain(id, domain));
    admin.send(license, Licenses.setVerified(id, WireIds.domainHash(domain), true));
    return id;
  }

  synchronized void deactivate(LicenseId id) {
    admin.send(license, Licenses.deactivate(id));
  }

  /** Gives an account USDC. */
  synchronized void fund(Address account, String usdc) {
    admin.send(USDC, Usdc.mint(account, UsdcAmount.parseUsdc(usdc)));
  }

  UsdcAmount balance(Address account) {
    return new Usdc(base.rpc(), USDC).balanceOf(account);
  }

  long now() {
    return base.rpc().block(BlockTag.LATEST).orElseThrow().timestamp();
  }
}
