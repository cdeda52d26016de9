package network.tachi.contracts.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import network.tachi.chainconfig.ContractName;
import network.tachi.chainconfig.Deployment;
import network.tachi.contracts.call.HeaderAnchorCalls;
import network.tachi.contracts.call.MeteringLedgerCalls;
import network.tachi.contracts.call.PaymentProcessorCalls;
import network.tachi.contracts.call.UsdcCalls;
import network.tachi.contracts.event.DisputeEvent;
import network.tachi.contracts.event.EscrowEvent;
import network.tachi.contracts.event.LedgerEvent;
import network.tachi.contracts.event.LicenseEvent;
import network.tachi.contracts.event.PaymentEvent;
import network.tachi.contracts.event.TachiEvent;
import network.tachi.contracts.web3j.Disputes;
import network.tachi.contracts.web3j.Escrow;
import network.tachi.contracts.web3j.Ledger;
import network.tachi.contracts.web3j.Licenses;
import network.tachi.contracts.web3j.Payments;
import network.tachi.contracts.web3j.Usdc;
import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.contracts.wire.SignerGrant;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Eip3009;
import network.tachi.evm.Eip712;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Signer;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.Receipt;
import network.tachi.evm.rpc.RpcException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MoneyLineTest {
  private static final UsdcAmount TEN_USDC = UsdcAmount.parseUsdc("10");

  private static LocalNetwork network;
  private static Deployment deployment;

  @BeforeAll
  static void deploy() {
    network = new LocalNetwork();
    deployment = network.deploy();
  }

  @AfterAll
  static void stop() {
    network.close();
  }

  private static Address address(ContractName name) {
    return LocalNetwork.address(LocalNetwork.contracts(deployment, network.base), name);
  }

  private static List<TachiEvent> events(Receipt receipt) {
    return LocalNetwork.events(receipt, LocalNetwork.contracts(deployment, network.base));
  }

  private static <E extends TachiEvent> E one(Receipt receipt, Class<E> kind) {
    return events(receipt).stream()
        .filter(kind::isInstance)
        .map(kind::cast)
        .findFirst()
        .orElseThrow();
  }

  private static LicenseId mint(TxSender publisher, Address payout) {
    Receipt receipt =
        publisher.send(
            address(ContractName.CRAWL_LICENSE),
            Licenses.mint("https://a.example/terms", payout, Address.ZERO));
    assertThat(events(receipt))
        .extracting(TachiEvent::name)
        .containsExactly("Transfer", "Locked", "LicenseMinted", "PayoutScheduled");
    return one(receipt, LicenseEvent.LicenseMinted.class).tokenId();
  }

  @Test
  void mintedLicence_shouldHoldAVerifiedDomain() {
    TxSender publisher = network.onBase("domain publisher");
    LicenseId id = mint(publisher, publisher.address());
    Address registry = address(ContractName.CRAWL_LICENSE);
    Hash domain = WireIds.domainHash("example.org");
    assertThat(events(publisher.send(registry, Licenses.claimDomain(id, "example.org"))))
        .containsExactly(new LicenseEvent.DomainClaimed(id, domain, "example.org"));
    assertThat(
            events(network.onBase("admin").send(registry, Licenses.setVerified(id, domain, true))))
        .containsExactly(new LicenseEvent.DomainVerified(id, domain));
    Licenses licenses = new Licenses(network.base.rpc(), registry);
    assertThat(licenses.licenseOf(domain)).isEqualTo(id.toBigInteger());
  }

  @Test
  void mintedLicence_shouldBeAnErc721Token() {
    TxSender publisher = network.onBase("token publisher");
    LicenseId id = mint(publisher, publisher.address());
    Licenses licenses = new Licenses(network.base.rpc(), address(ContractName.CRAWL_LICENSE));
    assertThat(licenses.ownerOf(id)).isEqualTo(publisher.address());
    assertThat(licenses.balanceOf(publisher.address())).isEqualTo(1);
    assertThat(licenses.tokenUri(id)).isEqualTo("https://a.example/terms");
    for (String supported : List.of("0x01ffc9a7", "0x80ac58cd", "0x5b5e139f", "0xb45a3c0e")) {
      assertThat(licenses.supportsInterface(Bytes.parse(supported))).as(supported).isTrue();
    }
    assertThat(licenses.supportsInterface(Bytes.parse("0xffffffff"))).isFalse();
    LicenseId none = LicenseId.of(licenses.totalSupply() + 1);
    assertThatThrownBy(() -> licenses.ownerOf(none)).isInstanceOf(RpcException.ErrorReply.class);
  }

  @Test
  void usdc_shouldBeAnErc20Token() {
    UsdcAmount before = usdc(BlockTag.LATEST).totalSupply();
    long block = network.base.rpc().blockNumber();
    Address spender = address(ContractName.PAYMENT_PROCESSOR);
    TxSender holder = network.funded("token holder", TEN_USDC, spender);
    Usdc usdc = usdc(BlockTag.LATEST);
    assertThat(usdc.name()).isEqualTo("USDC");
    assertThat(usdc.symbol()).isEqualTo("USDC");
    assertThat(usdc.decimals()).isEqualTo(UsdcAmount.DECIMALS);
    assertThat(usdc.totalSupply()).isEqualTo(before.plus(TEN_USDC));
    assertThat(usdc.balanceOf(holder.address())).isEqualTo(TEN_USDC);
    assertThat(usdc.allowance(holder.address(), spender)).isEqualTo(TEN_USDC.toBigInteger());
    assertThat(usdc(BlockRef.number(block)).balanceOf(holder.address())).isEqualTo(UsdcAmount.ZERO);
    assertThatThrownBy(() -> new Usdc(network.base.rpc(), holder.address()).totalSupply())
        .hasMessageContaining("no contract answers at");
  }

  private static Usdc usdc(BlockRef block) {
    return new Usdc(network.base.rpc(), LocalNetwork.BASE_USDC, block);
  }

  @Test
  void directPayments_shouldBeAttributedDisputedAndWithdrawn() {
    Address processor = address(ContractName.PAYMENT_PROCESSOR);
    TxSender publisher = network.onBase("direct publisher");
    LicenseId id = mint(publisher, Signer.of(LocalNetwork.key("direct payout")).address());
    TxSender crawler = network.funded("direct crawler", TEN_USDC, processor);
    Hash nonce = Keccak.hash("nonce 1");

    Receipt paid = crawler.send(processor, Payments.pay(id, UsdcAmount.of(5000), nonce));
    PaymentEvent.PaymentMade made = one(paid, PaymentEvent.PaymentMade.class);
    assertThat(made.paymentId())
        .isEqualTo(WireIds.paymentId(network.base.chain(), processor, crawler.address(), nonce));

    PaymentEvent.PaymentMade settled = settleAuthorization(id, UsdcAmount.of(7000));
    assertThat(settled.amount()).isEqualTo(UsdcAmount.of(7000));

    dispute(crawler, publisher, made);
    network.base.increaseTime(Duration.ofSeconds(20));
    Receipt withdrawn = network.onBase("anyone").send(processor, Payments.withdraw(id));
    PaymentEvent.Withdrawn event = one(withdrawn, PaymentEvent.Withdrawn.class);
    assertThat(event.amount()).isEqualTo(UsdcAmount.of(7000));
    assertThat(event.fee()).isEqualTo(UsdcAmount.of(70));
    assertThat(network.balance(event.payout())).isEqualTo(UsdcAmount.of(6930));
    assertThat(network.balance(crawler.address())).isEqualTo(TEN_USDC);
  }

  private static PaymentEvent.PaymentMade settleAuthorization(LicenseId id, UsdcAmount value) {
    Address processor = address(ContractName.PAYMENT_PROCESSOR);
    Signer payer = Signer.of(LocalNetwork.key("authorising crawler"));
    network.funded("authorising crawler", TEN_USDC, processor);
    Address vault =
        PaymentProcessorCalls.vaultOf(id).ask(network.base.rpc(), processor, BlockTag.LATEST);
    var authorization =
        new Eip3009.Authorization(
            payer.address(),
            vault,
            value,
            BigInteger.ZERO,
            BigInteger.valueOf(network.now() + 60),
            Keccak.hash("nonce 2"));
    Hash domain = Eip712.domainSeparator("USDC", "2", network.base.chain(), LocalNetwork.BASE_USDC);
    Bytes signature =
        LocalNetwork.signature(payer, Eip712.digest(domain, authorization.transferStructHash()));
    Receipt receipt =
        network
            .onBase("facilitator")
            .send(
                processor, PaymentProcessorCalls.settleAuthorization(id, authorization, signature));
    PaymentEvent.PaymentMade made = one(receipt, PaymentEvent.PaymentMade.class);
    assertThat(made.paymentId())
        .isEqualTo(
            WireIds.paymentId(
                network.base.chain(),
                LocalNetwork.BASE_USDC,
                payer.address(),
                authorization.nonce()));
    return made;
  }

  private static void dispute(
      TxSender crawler, TxSender publisher, PaymentEvent.PaymentMade payment) {
    Address resolver = address(ContractName.DISPUTE_RESOLVER);
    crawler.send(LocalNetwork.BASE_USDC, UsdcCalls.approve(resolver, payment.amount()));
    Receipt opened =
        crawler.send(
            resolver, Disputes.open(List.of(payment), Keccak.hash("evidence"), "ipfs://evidence"));
    DisputeEvent.DisputeOpened event = one(opened, DisputeEvent.DisputeOpened.class);
    assertThat(event.paymentIds()).containsExactly(payment.paymentId());
    Receipt accepted =
        publisher.send(resolver, Disputes.accept(event.disputeId(), List.of(payment)));
    assertThat(one(accepted, DisputeEvent.DisputeResolved.class))
        .isEqualTo(new DisputeEvent.DisputeResolved(event.disputeId(), 1, 1));
    assertThat(one(accepted, PaymentEvent.PaymentRefunded.class).amount())
        .isEqualTo(payment.amount());
  }

  @Test
  void credits_shouldBeChargedPostedAnchoredClaimedAndWithdrawn() {
    LedgerClient oracle = new LedgerClient(network, deployment);
    TxSender publisher = network.onBase("credit publisher");
    LicenseId id = mint(publisher, Signer.of(LocalNetwork.key("credit payout")).address());
    TxSender crawler = network.funded("credit crawler", TEN_USDC, oracle.escrow);
    crawler.send(oracle.escrow, Escrow.deposit(crawler.address(), TEN_USDC));
    TxSender operator = network.funded("operator", TEN_USDC, oracle.ledger);
    operator.send(oracle.ledger, MeteringLedgerCalls.depositBond(TEN_USDC));
    registerSigner(oracle, crawler);

    CrawlVoucher voucher =
        new CrawlVoucher(crawler.address(), id, UsdcAmount.of(100_000), Keccak.hash("terms"));
    for (int i = 0; i < 5; i++) {
      oracle.charge(voucher, 1000 + i);
    }
    Receipt thaw = crawler.send(oracle.escrow, Escrow.requestThaw(TEN_USDC));
    assertThat(one(thaw, EscrowEvent.ThawStarted.class).amount()).isEqualTo(TEN_USDC);
    network.base.increaseTime(Duration.ofSeconds(31));

    Committed epoch = oracle.close();
    LedgerEvent.HeaderPosted posted = one(oracle.post(epoch), LedgerEvent.HeaderPosted.class);
    assertThat(posted.body()).isEqualTo(epoch.body());
    assertThat(posted.headerHash()).isEqualTo(epoch.header().structHash());
    assertThat(oracle.post(epoch).logs()).isEmpty();
    anchor(oracle, epoch);

    network.base.increaseTime(Duration.ofSeconds(16));
    assertThat(events(oracle.finalise(epoch)))
        .containsExactly(new LedgerEvent.HeaderFinalised(1, epoch.header().structHash()));
    UsdcAmount earned = UsdcAmount.of(5010);
    Receipt claimed =
        network
            .onBase("anyone")
            .send(
                oracle.ledger,
                Ledger.claimBatch(List.of(oracle.trees().credit().party(id).orElseThrow())));
    assertThat(one(claimed, LedgerEvent.Claimed.class).amount()).isEqualTo(earned);
    assertThat(network.balance(Signer.of(LocalNetwork.key("credit payout")).address()))
        .isEqualTo(earned);

    Receipt withdrawn =
        crawler.send(
            oracle.escrow,
            Escrow.withdraw(
                crawler.address(), oracle.trees().debit().party(crawler.address()).orElseThrow()));
    assertThat(one(withdrawn, EscrowEvent.CreditWithdrawn.class).amount())
        .isEqualTo(TEN_USDC.minus(earned));
    assertThat(network.balance(oracle.escrow)).isEqualTo(UsdcAmount.ZERO);
  }

  private static void registerSigner(LedgerClient oracle, TxSender crawler) {
    Signer session = Signer.of(LocalNetwork.key("session"));
    SignerGrant grant = new SignerGrant(crawler.address(), session.address(), -1);
    Receipt receipt =
        crawler.send(
            oracle.escrow,
            Escrow.registerSigner(
                session.address(), -1, session.sign(grant.digest(oracle.credit))));
    assertThat(one(receipt, EscrowEvent.SignerRegistered.class).expiry()).isEqualTo(-1);
    assertThat(
            new Escrow(network.base.rpc(), oracle.escrow)
                .isSignerAt(crawler.address(), session.address(), network.now()))
        .isTrue();
  }

  private static void anchor(LedgerClient oracle, Committed epoch) {
    TxSender sender = network.on(network.ethereum, "poster");
    Receipt receipt =
        sender.send(
            oracle.anchor,
            HeaderAnchorCalls.anchor(
                epoch.header(), network.sign(epoch.header(), oracle.deploymentId)));
    assertThat(LocalNetwork.events(receipt, LocalNetwork.contracts(deployment, network.ethereum)))
        .singleElement()
        .extracting("headerHash")
        .isEqualTo(epoch.header().structHash());
    HeaderAnchorCalls.Latest latest =
        HeaderAnchorCalls.latest().ask(network.ethereum.rpc(), oracle.anchor, BlockTag.LATEST);
    assertThat(latest.is(epoch.header().structHash())).isTrue();
    assertThat(latest.is(Hash.ZERO)).isFalse();
  }
}
