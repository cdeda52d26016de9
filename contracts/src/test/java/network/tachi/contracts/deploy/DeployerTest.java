package network.tachi.contracts.deploy;

import static network.tachi.chainconfig.ContractName.CRAWL_LICENSE;
import static network.tachi.chainconfig.ContractName.CREDIT_ESCROW;
import static network.tachi.chainconfig.ContractName.DISPUTE_RESOLVER;
import static network.tachi.chainconfig.ContractName.HEADER_ANCHOR;
import static network.tachi.chainconfig.ContractName.METERING_LEDGER;
import static network.tachi.chainconfig.ContractName.PAYMENT_PROCESSOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import network.tachi.chainconfig.ContractAt;
import network.tachi.chainconfig.Deployment;
import network.tachi.contracts.call.HeaderAnchorCalls;
import network.tachi.contracts.call.MeteringLedgerCalls;
import network.tachi.contracts.call.PaymentProcessorCalls;
import network.tachi.contracts.web3j.Escrow;
import network.tachi.contracts.web3j.Ledger;
import network.tachi.contracts.web3j.Licenses;
import network.tachi.contracts.web3j.Payments;
import network.tachi.contracts.web3j.Usdc;
import network.tachi.contracts.wire.WireDomain;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Eip712;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.Receipt;
import network.tachi.testkit.Anvil;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployerTest {
  private static LocalNetwork network;
  private static Deployment deployment;
  private static List<ContractAt> onBase;

  @BeforeAll
  static void deploy() {
    network = new LocalNetwork();
    deployment = network.deploy();
    onBase = LocalNetwork.contracts(deployment, network.base);
  }

  @AfterAll
  static void stop() {
    network.close();
  }

  private static Address address(network.tachi.chainconfig.ContractName name) {
    return LocalNetwork.address(onBase, name);
  }

  @Test
  void secondRun_shouldSendNothingAndGiveTheSame() {
    long baseHead = network.base.rpc().blockNumber();
    long ethereumHead = network.ethereum.rpc().blockNumber();
    Deployment again = network.deploy();
    assertThat(again).isEqualTo(deployment);
    assertThat(network.steps).hasSizeGreaterThan(10).allMatch(step -> step.startsWith("kept "));
    assertThat(network.base.rpc().blockNumber()).isEqualTo(baseHead);
    assertThat(network.ethereum.rpc().blockNumber()).isEqualTo(ethereumHead);
  }

  @Test
  void deployment_shouldNameTheContractsOfEachChain() {
    assertThat(onBase)
        .extracting(ContractAt::name)
        .containsExactlyInAnyOrder(
            CRAWL_LICENSE, PAYMENT_PROCESSOR, DISPUTE_RESOLVER, CREDIT_ESCROW, METERING_LEDGER);
    assertThat(LocalNetwork.contracts(deployment, network.ethereum))
        .extracting(ContractAt::name)
        .containsExactlyInAnyOrder(
            CRAWL_LICENSE, PAYMENT_PROCESSOR, DISPUTE_RESOLVER, HEADER_ANCHOR);
    assertThat(onBase).allMatch(contract -> contract.startBlock() > 0);
  }

  @Test
  void deploymentFile_shouldBeReadBack(@TempDir Path folder) {
    Path file = folder.resolve("local.yaml");
    deployment.write(file);
    assertThat(Deployment.read(file)).isEqualTo(deployment);
  }

  @Test
  void domainsOnChain_shouldBeThoseOfTheWire() {
    var rpc = network.base.rpc();
    var chain = network.base.chain();
    Ledger ledger = new Ledger(rpc, address(METERING_LEDGER));
    assertThat(ledger.deploymentId()).isEqualTo(deployment.deploymentId());
    assertThat(ledger.configDigest()).isEqualTo(network.signers.digest(deployment.deploymentId()));
    assertThat(ledger.domainSeparator())
        .isEqualTo(WireDomain.metering(chain, address(METERING_LEDGER)).separator());
    assertThat(ledger.headerDomainSeparator())
        .isEqualTo(WireDomain.header(deployment.deploymentId()).separator());
    assertThat(new Escrow(rpc, address(CREDIT_ESCROW)).domainSeparator())
        .isEqualTo(WireDomain.credit(chain, address(CREDIT_ESCROW)).separator());
    assertThat(new Usdc(rpc, LocalNetwork.BASE_USDC).domainSeparator())
        .isEqualTo(Eip712.domainSeparator("USDC", "2", chain, LocalNetwork.BASE_USDC))
        .isEqualTo(
            Hash.parse("0x71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818"));
    Address anchor =
        LocalNetwork.address(LocalNetwork.contracts(deployment, network.ethereum), HEADER_ANCHOR);
    assertThat(
            MeteringLedgerCalls.configDigest().ask(network.ethereum.rpc(), anchor, BlockTag.LATEST))
        .isEqualTo(network.signers.digest(deployment.deploymentId()));
    assertThat(
            HeaderAnchorCalls.latest().ask(network.ethereum.rpc(), anchor, BlockTag.LATEST).epoch())
        .isZero();
  }

  @Test
  void contractsOnChain_shouldHaveTheParametersOfTheDeployment() {
    var rpc = network.base.rpc();
    DeploymentParameters parameters = network.parameters();
    Licenses licenses = new Licenses(rpc, address(CRAWL_LICENSE));
    assertThat(licenses.owner()).isEqualTo(parameters.admin());
    assertThat(licenses.registrar()).isEqualTo(parameters.registrar());
    assertThat(licenses.payoutDelay()).isEqualTo(parameters.windows().payoutDelay());
    assertThat(licenses.resolver()).isEqualTo(address(DISPUTE_RESOLVER));
    Payments payments = new Payments(rpc, address(PAYMENT_PROCESSOR));
    assertThat(payments.owner()).isEqualTo(parameters.admin());
    assertThat(payments.feeRecipient()).isEqualTo(parameters.feeRecipient());
    assertThat(payments.feeBps()).isEqualTo(parameters.feeBps());
    assertThat(payments.bucket()).isEqualTo(parameters.windows().bucket());
    assertThat(payments.resolver()).isEqualTo(address(DISPUTE_RESOLVER));
    Escrow escrow = new Escrow(rpc, address(CREDIT_ESCROW));
    assertThat(escrow.owner()).isEqualTo(parameters.admin());
    assertThat(escrow.ledger()).isEqualTo(address(METERING_LEDGER));
    Ledger ledger = new Ledger(rpc, address(METERING_LEDGER));
    assertThat(ledger.owner()).isEqualTo(parameters.admin());
    assertThat(ledger.escrow()).isEqualTo(address(CREDIT_ESCROW));
  }

  @Test
  void vaultAddress_shouldBeComputedAsTheContractDoes() {
    var rpc = network.base.rpc();
    Address processor = address(PAYMENT_PROCESSOR);
    Hash initCodeHash =
        PaymentProcessorCalls.vaultInitCodeHash().ask(rpc, processor, BlockTag.LATEST);
    assertThat(initCodeHash).isEqualTo(Artifact.load(Contracts.VAULT).creation().keccak());
    for (long id : new long[] {1, 2, 1000, Long.MAX_VALUE}) {
      LicenseId license = LicenseId.of(id);
      assertThat(WireIds.vaultAddress(processor, network.base.chain(), license, initCodeHash))
          .isEqualTo(PaymentProcessorCalls.vaultOf(license).ask(rpc, processor, BlockTag.LATEST));
    }
  }

  @Test
  void otherNodesChain_shouldBeRefused() {
    Anvil ethereum = network.ethereum;
    ChainTarget wrong =
        new ChainTarget(
            network.base.chain(),
            LocalNetwork.BASE_USDC,
            ethereum.rpc(),
            network.on(ethereum, "admin"));
    ChainTarget right =
        new ChainTarget(
            ethereum.chain(),
            LocalNetwork.ETHEREUM_USDC,
            ethereum.rpc(),
            network.on(ethereum, "admin"));
    assertThatThrownBy(
            () -> new Deployer(network.parameters(), DeployListener.SILENT).deploy(wrong, right))
        .isInstanceOf(DeploymentException.class)
        .hasMessageContaining("expected a node of chain 84532, found one of chain 11155111");
  }

  @Test
  void otherCodeAtTheAddress_shouldBeRefused() {
    Address license = address(CRAWL_LICENSE);
    Bytes code = network.base.rpc().code(license, BlockTag.LATEST);
    byte[] changed = code.toArray();
    changed[100] ^= 1;
    network.base.setCode(license, Bytes.wrap(changed));
    try {
      assertThatThrownBy(network::deploy)
          .isInstanceOf(DeploymentException.class)
          .hasMessageContaining("is not that of CrawlLicense");
    } finally {
      network.base.setCode(license, code);
    }
  }

  @Test
  void chainWithoutFactory_shouldBeRefused() {
    Bytes code = network.base.rpc().code(Create2Factory.ADDRESS, BlockTag.LATEST);
    network.base.setCode(Create2Factory.ADDRESS, Bytes.EMPTY);
    try {
      assertThatThrownBy(network::deploy)
          .isInstanceOf(DeploymentException.class)
          .hasMessageContaining("no deterministic-deployment proxy");
    } finally {
      network.base.setCode(Create2Factory.ADDRESS, code);
    }
  }

  @Test
  void revertingCall_shouldNameTheError() {
    TxSender stranger = network.onBase("stranger");
    assertThatThrownBy(() ->
            stranger.send(
                address(PAYMENT_PROCESSOR), Payments.sweep(LicenseId.of(99)), BigInteger.ZERO))
        .isInstanceOf(TransactionFailedException.class)
        .hasMessageContaining("NothingToPay(uint256)");
  }

  /** Sends one transaction and then fails, as a process does that is killed after each. */
  private record BrittleSender(TxSender inner, AtomicInteger left) implements TxSender {
    @Override
    public Address address() {
      return inner.address();
    }

    @Override
    public Receipt send(Address to, Bytes data, BigInteger value) {
      if (left.getAndDecrement() == 0) {
        throw new TransactionFailedException("killed");
      }
      return inner.send(to, data, value);
    }
  }

  @Test
  void runThatIsKilledAfterEachTransaction_shouldGoOnWhereItStopped() {
    DeploymentParameters parameters = network.parameters("brittle", "admin");
    int runs = 0;
    Optional<Deployment> done = Optional.empty();
    while (done.isEmpty() && runs < 30) {
      runs++;
      AtomicInteger left = new AtomicInteger(1);
      TxSender base = new BrittleSender(network.on(network.base, "admin"), left);
      TxSender ethereum = new BrittleSender(network.on(network.ethereum, "admin"), left);
      try {
        done = Optional.of(deploy(parameters, base, ethereum));
      } catch (TransactionFailedException e) {
        assertThat(e).hasMessage("killed");
      }
    }
    Deployment whole = done.orElseThrow();
    assertThat(runs).isGreaterThan(10);
    assertThat(
            deploy(
                parameters,
                network.on(network.base, "admin"),
                network.on(network.ethereum, "admin")))
        .isEqualTo(whole);
    assertThat(LocalNetwork.address(LocalNetwork.contracts(whole, network.base), METERING_LEDGER))
        .isNotEqualTo(address(METERING_LEDGER));
  }

  private static Deployment deploy(
      DeploymentParameters parameters, TxSender base, TxSender ethereum) {
    return new Deployer(parameters, DeployListener.SILENT)
        .deploy(
            new ChainTarget(network.base.chain(), LocalNetwork.BASE_USDC, network.base.rpc(), base),
            new ChainTarget(
                network.ethereum.chain(),
                LocalNetwork.ETHEREUM_USDC,
                network.ethereum.rpc(),
                ethereum));
  }

  @Test
  void senderWhoIsNotAdmin_shouldBeToldWhatTheAdminMustDo() {
    DeploymentParameters parameters = network.parameters("other admin", "somebody else");
    TxSender base = network.on(network.base, "admin");
    TxSender ethereum = network.on(network.ethereum, "admin");
    assertThatThrownBy(() -> deploy(parameters, base, ethereum))
        .isInstanceOf(DeploymentException.class)
        .hasMessageContaining("CrawlLicense.resolver")
        .hasMessageContaining("only the admin " + parameters.admin());
  }
}
