package network.tachi.indexer;

import static network.tachi.store.jooq.projection.Tables.DEPOSITED;
import static network.tachi.store.jooq.projection.Tables.DISPUTE_OPENED;
import static network.tachi.store.jooq.projection.Tables.LICENSE_MINTED;
import static network.tachi.store.jooq.projection.Tables.PAYMENT_MADE;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.ContractName;
import network.tachi.chainconfig.Network;
import network.tachi.contracts.call.UsdcCalls;
import network.tachi.contracts.deploy.ChainTarget;
import network.tachi.contracts.deploy.DeployListener;
import network.tachi.contracts.deploy.Deployer;
import network.tachi.contracts.deploy.DeploymentParameters;
import network.tachi.contracts.deploy.DirectTxSender;
import network.tachi.contracts.deploy.LocalUsdcInstaller;
import network.tachi.contracts.deploy.TxSender;
import network.tachi.contracts.deploy.Windows;
import network.tachi.contracts.event.ContractKind;
import network.tachi.contracts.event.EventDecoder;
import network.tachi.contracts.event.PaymentEvent;
import network.tachi.contracts.web3j.Disputes;
import network.tachi.contracts.web3j.Escrow;
import network.tachi.contracts.web3j.Licenses;
import network.tachi.contracts.web3j.Payments;
import network.tachi.contracts.web3j.Usdc;
import network.tachi.contracts.wire.SignerConfig;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.Receipt;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.testkit.Anvil;
import network.tachi.testkit.AnvilOptions;
import network.tachi.testkit.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The real contracts, deployed and used on two chains that one role follows. */
class IndexerRoleTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final DeployListener SILENT = (_, _, _) -> {};

  private final Anvil base = Anvil.start(AnvilOptions.BASE);
  private final Anvil ethereum = Anvil.start(AnvilOptions.ETHEREUM);
  private final TestDatabase server = TestDatabase.create();
  private final Database database = server.as(DatabaseRole.INDEXER);
  private Network network;
  private IndexerRole role;

  @BeforeEach
  void deployAndStart() {
    Network local = Network.load("local", Map.of(), Path.of("no deployments"));
    ChainTarget settlement = target(local.settlement(), base);
    ChainTarget anchor = target(local.anchor(), ethereum);
    Address admin = base.account("admin").address();
    DeploymentParameters parameters =
        new DeploymentParameters(
            "local",
            admin,
            admin,
            admin,
            admin,
            100,
            DeploymentParameters.DEMAND_FEE,
            new SignerConfig(
                1,
                1,
                List.of(base.account("root").address()),
                base.account("attestation").address()),
            Windows.local());
    network = local.with(new Deployer(parameters, SILENT).deploy(settlement, anchor));
    role =
        new IndexerRole(
            List.of(source(network.settlement(), base), source(network.anchor(), ethereum)),
            database,
            new SimpleMeterRegistry(),
            InstantSource.system(),
            IndexerSettings.DEFAULT);
    role.start();
  }

  private static ChainTarget target(ChainSettings settings, Anvil chain) {
    TxSender admin = sender(chain, "admin");
    Address usdc = settings.usdc().address();
    new LocalUsdcInstaller(chain.rpc(), chain.chain(), admin, SILENT)
        .install(usdc, settings.usdc().name());
    return new ChainTarget(chain.chain(), usdc, chain.rpc(), admin);
  }

  private static IndexerRole.Source source(ChainSettings settings, Anvil chain) {
    return new IndexerRole.Source(IndexedChain.of(settings), chain.rpc().rpc());
  }

  private static TxSender sender(Anvil chain, String who) {
    return new DirectTxSender(
        chain.rpc(), chain.chain(), chain.account(who), Duration.ofSeconds(20));
  }

  @AfterEach
  void stop() {
    role.close();
    server.close();
    base.close();
    ethereum.close();
  }

  @Test
  void moneyOnBothChains_shouldBeInTheStore() {
    for (Anvil chain : List.of(base, ethereum)) {
      disputedPayment(chain);
    }
    ChainSettings settlement = network.settlement();
    Address escrow = settlement.address(ContractName.CREDIT_ESCROW);
    TxSender crawler = funded(base, escrow);
    crawler.send(escrow, Escrow.deposit(crawler.address(), UsdcAmount.of(5_000)), BigInteger.ZERO);

    awaitHead(base);
    awaitHead(ethereum);

    assertEqualsChain(network.settlement(), base);
    assertEqualsChain(network.anchor(), ethereum);
    assertThat(database.dsl().fetchCount(LICENSE_MINTED)).isEqualTo(2);
    assertThat(database.dsl().fetchCount(PAYMENT_MADE)).isEqualTo(2);
    assertThat(database.dsl().fetchCount(DISPUTE_OPENED)).isEqualTo(2);
    assertThat(database.dsl().fetchCount(DEPOSITED)).isEqualTo(1);
    assertThat(role.notReady()).isEmpty();
    assertThat(role.indexer(base.chain())).isPresent();
  }

  private void disputedPayment(Anvil chain) {
    ChainSettings settings = settings(chain);
    Address processor = settings.address(ContractName.PAYMENT_PROCESSOR);
    TxSender publisher = sender(chain, "publisher");
    send(
        publisher,
        settings.address(ContractName.CRAWL_LICENSE),
        Licenses.mint("https://a.example/terms", publisher.address(), Address.ZERO));
    TxSender crawler = funded(chain, processor);
    Receipt paid =
        send(
            crawler,
            processor,
            Payments.pay(LicenseId.of(1), UsdcAmount.of(5_000), Keccak.hash("nonce")));
    PaymentEvent.PaymentMade made =
        paid.logs().stream()
            .filter(log -> log.address().equals(processor))
            .flatMap(log ->
                EventDecoder.decode(ContractKind.PAYMENT_PROCESSOR, log.topics(), log.data())
                    .stream())
            .filter(PaymentEvent.PaymentMade.class::isInstance)
            .map(PaymentEvent.PaymentMade.class::cast)
            .findFirst()
            .orElseThrow();
    Address resolver = settings.address(ContractName.DISPUTE_RESOLVER);
    // The fee is a part of what is disputed.
    send(crawler, settings.usdc().address(), UsdcCalls.approve(resolver, made.amount()));
    send(
        crawler,
        resolver,
        Disputes.open(List.of(made), Keccak.hash("evidence"), "ipfs://evidence"));
  }

  private static Receipt send(TxSender sender, Address to, Bytes data) {
    return sender.send(to, data, BigInteger.ZERO);
  }

  private TxSender funded(Anvil chain, Address spender) {
    Address usdc = settings(chain).usdc().address();
    TxSender crawler = sender(chain, "crawler");
    UsdcAmount amount = UsdcAmount.of(50_000);
    send(sender(chain, "admin"), usdc, Usdc.mint(crawler.address(), amount));
    send(crawler, usdc, UsdcCalls.approve(spender, amount));
    return crawler;
  }

  private ChainSettings settings(Anvil chain) {
    return chain.chain().equals(network.settlement().chain())
        ? network.settlement()
        : network.anchor();
  }

  private void awaitHead(Anvil chain) {
    Indexer indexer = role.indexer(chain.chain()).orElseThrow();
    Await.until(
        PATIENCE,
        () ->
            indexer.status().indexed() == chain.rpc().blockNumber()
                && indexer.notReady().isEmpty());
  }

  private void assertEqualsChain(ChainSettings settings, Anvil chain) {
    ChainAudit.Report report =
        new ChainAudit(IndexedChain.of(settings), chain.rpc().rpc(), database).compare();
    assertThat(report.differences()).isEmpty();
    assertThat(report.events()).isPositive();
  }
}
