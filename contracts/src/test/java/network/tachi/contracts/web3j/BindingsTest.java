package network.tachi.contracts.web3j;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import network.tachi.contracts.call.CrawlLicenseCalls;
import network.tachi.contracts.call.CreditEscrowCalls;
import network.tachi.contracts.call.DirectPayment;
import network.tachi.contracts.call.DisputeResolverCalls;
import network.tachi.contracts.call.HeaderAnchorCalls;
import network.tachi.contracts.call.MeteringLedgerCalls;
import network.tachi.contracts.call.PaymentProcessorCalls;
import network.tachi.contracts.call.UsdcCalls;
import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.LicenseLeaf;
import network.tachi.contracts.wire.Proven;
import network.tachi.contracts.wire.QuorumSignature;
import network.tachi.contracts.wire.SettlementTrees;
import network.tachi.contracts.wire.SumNode;
import network.tachi.contracts.wire.WireVectors;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Eip3009;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.evm.PrivateKey;
import network.tachi.evm.Secp256k1;
import network.tachi.evm.Signature;
import network.tachi.evm.UsdcAmount;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.web3j.crypto.Credentials;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.RemoteFunctionCall;
import org.web3j.protocol.http.HttpService;
import org.web3j.tx.gas.DefaultGasProvider;
import tools.jackson.databind.JsonNode;

/** Holds our call encoders against what web3j encodes from the compiled ABI. */
class BindingsTest {
  private static final Web3j NOWHERE = Web3j.build(new HttpService("http://127.0.0.1:1"));
  private static final Credentials NOBODY = Credentials.create("0x1");
  private static final Address A = Address.parse("0x00000000000000000000000000000000000000a1");
  private static final Address B = Address.parse("0xffffffffffffffffffffffffffffffffffffffff");
  private static final LicenseId ID = LicenseId.of(Long.MAX_VALUE);
  private static final UsdcAmount AMOUNT = UsdcAmount.parse("123456789012345678901234567890");
  private static final Hash WORD = Keccak.hash("word");
  private static final String TEXT = "https://example.org/ü€😀/" + "x".repeat(40);
  private static final Signature SIGNATURE =
      Secp256k1.best().sign(WORD, PrivateKey.of(Keccak.hash("key").toBytes()));

  @AfterAll
  static void stop() {
    NOWHERE.shutdown();
  }

  private static void assertSame(Bytes ours, RemoteFunctionCall<?> web3j) {
    assertThat(ours.toString()).isEqualTo(web3j.encodeFunctionCall());
  }

  private static BigInteger id() {
    return ID.toBigInteger();
  }

  private static BigInteger amount() {
    return AMOUNT.toBigInteger();
  }

  @Test
  void licenseCalls_shouldBeEncodedAsTheAbiSays() {
    CrawlLicense c = CrawlLicense.load(A.toString(), NOWHERE, NOBODY, new DefaultGasProvider());
    assertSame(CrawlLicenseCalls.mint(TEXT, A, B), c.mint(TEXT, A.toString(), B.toString()));
    assertSame(CrawlLicenseCalls.deactivate(ID), c.deactivate(id()));
    assertSame(CrawlLicenseCalls.reactivate(ID), c.reactivate(id()));
    assertSame(CrawlLicenseCalls.setTermsUri(ID, TEXT), c.setTermsURI(id(), TEXT));
    assertSame(CrawlLicenseCalls.setPayout(ID, B), c.setPayout(id(), B.toString()));
    assertSame(
        CrawlLicenseCalls.link(ID, ChainId.BASE, ID), c.link(id(), BigInteger.valueOf(8453), id()));
    assertSame(
        CrawlLicenseCalls.claimDomain(ID, "example.org"), c.claimDomain(id(), "example.org"));
    assertSame(CrawlLicenseCalls.releaseDomain(ID, WORD), c.releaseDomain(id(), WORD.toBytes()));
    assertSame(
        CrawlLicenseCalls.setVerified(ID, WORD, true), c.setVerified(id(), WORD.toBytes(), true));
    assertSame(CrawlLicenseCalls.finishReplacement(WORD), c.finishReplacement(WORD.toBytes()));
    assertSame(CrawlLicenseCalls.setRecovery(ID, A), c.setRecovery(id(), A.toString()));
    assertSame(CrawlLicenseCalls.startRecovery(ID, A), c.startRecovery(id(), A.toString()));
    assertSame(CrawlLicenseCalls.cancelRecovery(ID), c.cancelRecovery(id()));
    assertSame(CrawlLicenseCalls.finishRecovery(ID), c.finishRecovery(id()));
    assertSame(CrawlLicenseCalls.setResolver(A), c.setResolver(A.toString()));
    assertSame(CrawlLicenseCalls.setRegistrar(A), c.setRegistrar(A.toString()));
    assertSame(CrawlLicenseCalls.resolver().data(), c.resolver());
    assertSame(CrawlLicenseCalls.totalSupply().data(), c.totalSupply());
    assertSame(CrawlLicenseCalls.ownerOf(ID).data(), c.ownerOf(id()));
    assertSame(CrawlLicenseCalls.isPayable(ID).data(), c.isPayable(id()));
    assertSame(CrawlLicenseCalls.payoutOf(ID).data(), c.payoutOf(id()));
    assertSame(CrawlLicenseCalls.licenseOf(WORD).data(), c.licenseOf(WORD.toBytes()));
  }

  @Test
  void paymentCalls_shouldBeEncodedAsTheAbiSays() {
    PaymentProcessor c =
        PaymentProcessor.load(A.toString(), NOWHERE, NOBODY, new DefaultGasProvider());
    Eip3009.Authorization auth =
        new Eip3009.Authorization(A, B, AMOUNT, BigInteger.ONE, BigInteger.TWO.pow(255), WORD);
    assertSame(PaymentProcessorCalls.pay(ID, AMOUNT, WORD), c.pay(id(), amount(), WORD.toBytes()));
    assertSame(
        PaymentProcessorCalls.settleAuthorization(ID, auth, Bytes.of(SIGNATURE.toBytes())),
        c.settleAuthorization(
            id(),
            A.toString(),
            amount(),
            BigInteger.ONE,
            auth.validBefore(),
            WORD.toBytes(),
            SIGNATURE.toBytes()));
    assertSame(
        PaymentProcessorCalls.withdraw(ID, List.of(0L, 5L, Long.MAX_VALUE)),
        c.withdraw(
            id(),
            List.of(BigInteger.ZERO, BigInteger.valueOf(5), BigInteger.valueOf(Long.MAX_VALUE))));
    assertSame(PaymentProcessorCalls.sweep(ID), c.sweep(id()));
    assertSame(PaymentProcessorCalls.sendOwedRefund(ID, B), c.sendOwedRefund(id(), B.toString()));
    assertSame(PaymentProcessorCalls.collectFees(), c.collectFees());
    assertSame(PaymentProcessorCalls.deployVault(ID), c.deployVault(id()));
    assertSame(PaymentProcessorCalls.scheduleFee(500), c.scheduleFee(BigInteger.valueOf(500)));
    assertSame(PaymentProcessorCalls.setResolver(B), c.setResolver(B.toString()));
    assertSame(PaymentProcessorCalls.pause(), c.pause());
    assertSame(PaymentProcessorCalls.unpause(), c.unpause());
    assertSame(PaymentProcessorCalls.resolver().data(), c.resolver());
    assertSame(PaymentProcessorCalls.vaultInitCodeHash().data(), c.vaultInitCodeHash());
    assertSame(PaymentProcessorCalls.vaultOf(ID).data(), c.vaultOf(id()));
    assertSame(PaymentProcessorCalls.feeBps().data(), c.feeBps());
    assertSame(PaymentProcessorCalls.bucketSeconds().data(), c.bucketSeconds());
    assertSame(
        PaymentProcessorCalls.bucketOf(ID, 7).data(), c.bucketOf(id(), BigInteger.valueOf(7)));
    assertSame(PaymentProcessorCalls.maturesAt(7).data(), c.maturesAt(BigInteger.valueOf(7)));
    assertSame(PaymentProcessorCalls.stateOf(WORD).data(), c.stateOf(WORD.toBytes()));
  }

  @Test
  void disputeCalls_shouldBeEncodedAsTheAbiSays() {
    DisputeResolver c =
        DisputeResolver.load(A.toString(), NOWHERE, NOBODY, new DefaultGasProvider());
    DirectPayment payment = new DirectPayment(WORD, ID, A, AMOUNT, 1_800_000_000);
    List<DirectPayment> ours = List.of(payment, payment);
    var one =
        new DisputeResolver.Payment(
            WORD.toBytes(), id(), A.toString(), amount(), BigInteger.valueOf(1_800_000_000));
    List<DisputeResolver.Payment> theirs = List.of(one, one);
    BigInteger dispute = BigInteger.valueOf(3);
    assertSame(DisputeResolverCalls.open(ours, WORD, TEXT), c.open(theirs, WORD.toBytes(), TEXT));
    assertSame(DisputeResolverCalls.accept(dispute, ours), c.accept(dispute, theirs));
    assertSame(
        DisputeResolverCalls.answer(dispute, WORD, TEXT), c.answer(dispute, WORD.toBytes(), TEXT));
    assertSame(DisputeResolverCalls.escalate(dispute), c.escalate(dispute));
    assertSame(DisputeResolverCalls.rule(dispute, 2), c.rule(dispute, BigInteger.TWO));
    assertSame(DisputeResolverCalls.resolve(dispute, ours), c.resolve(dispute, theirs));
    assertSame(DisputeResolverCalls.suspendLicense(ID), c.suspendLicense(id()));
    assertSame(DisputeResolverCalls.unsuspendLicense(ID), c.unsuspendLicense(id()));
    assertSame(DisputeResolverCalls.disputeCount().data(), c.disputeCount());
  }

  @Test
  void escrowCalls_shouldBeEncodedAsTheAbiSays() {
    CreditEscrow c = CreditEscrow.load(A.toString(), NOWHERE, NOBODY, new DefaultGasProvider());
    Eip3009.Authorization auth =
        new Eip3009.Authorization(B, A, AMOUNT, BigInteger.ONE, BigInteger.TEN, WORD);
    assertSame(CreditEscrowCalls.deposit(B, AMOUNT), c.deposit(B.toString(), amount()));
    assertSame(
        CreditEscrowCalls.depositWithPermit(B, AMOUNT, BigInteger.TEN, SIGNATURE),
        c.depositWithPermit(
            B.toString(),
            amount(),
            BigInteger.TEN,
            BigInteger.valueOf(SIGNATURE.v()),
            SIGNATURE.r().toBytes(),
            SIGNATURE.s().toBytes()));
    assertSame(
        CreditEscrowCalls.depositWithAuthorization(auth, Bytes.of(SIGNATURE.toBytes())),
        c.depositWithAuthorization(
            B.toString(),
            amount(),
            BigInteger.ONE,
            BigInteger.TEN,
            WORD.toBytes(),
            SIGNATURE.toBytes()));
    assertSame(CreditEscrowCalls.requestThaw(AMOUNT), c.requestThaw(amount()));
    assertSame(CreditEscrowCalls.cancelThaw(), c.cancelThaw());
    assertSame(
        CreditEscrowCalls.registerSigner(A, -1, SIGNATURE),
        c.registerSigner(
            A.toString(), new BigInteger("18446744073709551615"), SIGNATURE.toBytes()));
    assertSame(CreditEscrowCalls.revokeSigner(A), c.revokeSigner(A.toString()));
    assertSame(CreditEscrowCalls.setLedger(A), c.setLedger(A.toString()));
    assertSame(CreditEscrowCalls.ledger().data(), c.ledger());
    assertSame(CreditEscrowCalls.accounts(A).data(), c.accounts(A.toString()));
    assertSame(CreditEscrowCalls.netDeposits().data(), c.netDeposits());
    assertSame(
        CreditEscrowCalls.isSignerAt(A, B, 9).data(),
        c.isSignerAt(A.toString(), B.toString(), BigInteger.valueOf(9)));
    assertSame(CreditEscrowCalls.domainSeparator().data(), c.domainSeparator());
    SettlementTrees trees = settlement();
    var own = trees.debit().party(trees.debit().parties().getLast().crawler()).orElseThrow();
    var leaf = own.leaf();
    var theirs =
        new CreditEscrow.CrawlerProof(
            new CreditEscrow.CrawlerLeaf(
                leaf.crawler().toString(),
                leaf.cumulative().toBigInteger(),
                BigInteger.valueOf(leaf.pairCount()),
                leaf.pairRoot().toBytes()),
            BigInteger.valueOf(own.proof().index()),
            own.proof().path().stream()
                .map(n -> new CreditEscrow.SumNode(n.hash().toBytes(), n.sum().toBigInteger()))
                .toList());
    assertSame(CreditEscrowCalls.withdraw(B, own), c.withdraw(B.toString(), List.of(theirs)));
  }

  private static SettlementTrees settlement() {
    JsonNode v = WireVectors.at("settlements").get(6);
    return SettlementTrees.of(v.required("pairs").valueStream().map(WireVectors::pair).toList());
  }

  private static Committed committed(JsonNode v) {
    return new Committed(
        WireVectors.header(v.required("header")), WireVectors.body(v.required("body")));
  }

  private static QuorumSignature quorum(JsonNode v) {
    JsonNode q = v.required("quorums").get(0);
    return new QuorumSignature(q.required("bitmap").asInt(), WireVectors.bytes(q, "signatures"));
  }

  private static MeteringLedger.EpochHeader header(network.tachi.contracts.wire.EpochHeader h) {
    return new MeteringLedger.EpochHeader(
        BigInteger.valueOf(h.epoch()),
        BigInteger.valueOf(h.generation()),
        h.prevHeaderHash().toBytes(),
        h.configDigest().toBytes(),
        h.bodyHash().toBytes());
  }

  private static MeteringLedger.EpochBody body(network.tachi.contracts.wire.EpochBody b) {
    return new MeteringLedger.EpochBody(
        BigInteger.valueOf(b.logSize()),
        b.logRoot().toBytes(),
        BigInteger.valueOf(b.licenseCount()),
        b.creditRoot().toBytes(),
        BigInteger.valueOf(b.crawlerCount()),
        b.debitRoot().toBytes(),
        b.totalCredit().toBigInteger(),
        b.totalDebit().toBigInteger(),
        b.rulesHash().toBytes(),
        b.dataCommitment().toBytes(),
        BigInteger.valueOf(b.closedAt()));
  }

  private static MeteringLedger.LicenseLeaf leaf(LicenseLeaf leaf) {
    return new MeteringLedger.LicenseLeaf(
        leaf.licenseId().toBigInteger(),
        leaf.cumulative().toBigInteger(),
        BigInteger.valueOf(leaf.pairCount()),
        leaf.pairRoot().toBytes());
  }

  private static List<MeteringLedger.SumNode> path(List<SumNode> path) {
    return path.stream()
        .map(n -> new MeteringLedger.SumNode(n.hash().toBytes(), n.sum().toBigInteger()))
        .toList();
  }

  @Test
  void ledgerCalls_shouldBeEncodedAsTheAbiSays() {
    MeteringLedger c = MeteringLedger.load(A.toString(), NOWHERE, NOBODY, new DefaultGasProvider());
    JsonNode v = WireVectors.at("headers").get(2);
    Committed epoch = committed(v);
    QuorumSignature quorum = quorum(v);
    assertSame(
        MeteringLedgerCalls.post(epoch, quorum),
        c.post(
            header(epoch.header()),
            body(epoch.body()),
            BigInteger.valueOf(quorum.bitmap()),
            quorum.signatures().toArray()));
    assertSame(
        MeteringLedgerCalls.finalise(epoch),
        c.finalise(new MeteringLedger.Committed(header(epoch.header()), body(epoch.body()))));
    SettlementTrees trees = settlement();
    List<Proven<LicenseLeaf>> all =
        trees.credit().parties().stream()
            .map(p -> trees.credit().party(p.licenseId()).orElseThrow())
            .toList();
    Proven<LicenseLeaf> first = all.getFirst();
    assertSame(
        MeteringLedgerCalls.claim(first),
        c.claim(
            leaf(first.leaf()),
            BigInteger.valueOf(first.proof().index()),
            path(first.proof().path())));
    assertSame(
        MeteringLedgerCalls.claimBatch(all),
        c.claimBatch(
            all.stream()
                .map(p ->
                    new MeteringLedger.LicenseProof(
                        leaf(p.leaf()),
                        BigInteger.valueOf(p.proof().index()),
                        path(p.proof().path())))
                .toList()));
    assertSame(MeteringLedgerCalls.depositBond(AMOUNT), c.depositBond(amount()));
    assertSame(MeteringLedgerCalls.noticeBond(AMOUNT), c.noticeBond(amount()));
    assertSame(MeteringLedgerCalls.withdrawBond(B), c.withdrawBond(B.toString()));
    assertSame(
        MeteringLedgerCalls.proposeConfig(2, 1, List.of(A, B), A),
        c.proposeConfig(
            BigInteger.TWO, BigInteger.ONE, List.of(A.toString(), B.toString()), A.toString()));
    assertSame(MeteringLedgerCalls.activateConfig(2), c.activateConfig(BigInteger.TWO));
    assertSame(MeteringLedgerCalls.head().data(), c.head());
    assertSame(MeteringLedgerCalls.finalised().data(), c.finalised());
    assertSame(MeteringLedgerCalls.headerAt(9).data(), c.headerAt(BigInteger.valueOf(9)));
    assertSame(MeteringLedgerCalls.claimed(ID).data(), c.claimed(id()));
    assertSame(MeteringLedgerCalls.bond().data(), c.bond());
    assertSame(MeteringLedgerCalls.configVersion().data(), c.configVersion());
    assertSame(MeteringLedgerCalls.configDigest().data(), c.configDigest());
    assertSame(MeteringLedgerCalls.deploymentId().data(), c.deploymentId());
    assertSame(MeteringLedgerCalls.domainSeparator().data(), c.domainSeparator());
    assertSame(MeteringLedgerCalls.headerDomainSeparator().data(), c.headerDomainSeparator());
  }

  @Test
  void anchorCalls_shouldBeEncodedAsTheAbiSays() {
    HeaderAnchor c = HeaderAnchor.load(A.toString(), NOWHERE, NOBODY, new DefaultGasProvider());
    JsonNode v = WireVectors.at("headers").get(1);
    var h = WireVectors.header(v.required("header"));
    QuorumSignature quorum = quorum(v);
    assertSame(
        HeaderAnchorCalls.anchor(h, quorum),
        c.anchor(
            new HeaderAnchor.EpochHeader(
                BigInteger.valueOf(h.epoch()),
                BigInteger.valueOf(h.generation()),
                h.prevHeaderHash().toBytes(),
                h.configDigest().toBytes(),
                h.bodyHash().toBytes()),
            BigInteger.valueOf(quorum.bitmap()),
            quorum.signatures().toArray()));
    assertSame(HeaderAnchorCalls.latest().data(), c.latest());
  }

  @Test
  void usdcCalls_shouldBeEncodedAsTheAbiSays() {
    LocalUsdc c = LocalUsdc.load(A.toString(), NOWHERE, NOBODY, new DefaultGasProvider());
    Eip3009.Authorization auth =
        new Eip3009.Authorization(A, B, AMOUNT, BigInteger.ONE, BigInteger.TEN, WORD);
    Bytes signature = Bytes.of(SIGNATURE.toBytes());
    assertSame(UsdcCalls.transfer(B, AMOUNT), c.transfer(B.toString(), amount()));
    assertSame(UsdcCalls.approve(B, AMOUNT), c.approve(B.toString(), amount()));
    assertSame(
        UsdcCalls.permit(A, B, AMOUNT, BigInteger.TEN, SIGNATURE),
        c.permit(
            A.toString(),
            B.toString(),
            amount(),
            BigInteger.TEN,
            BigInteger.valueOf(SIGNATURE.v()),
            SIGNATURE.r().toBytes(),
            SIGNATURE.s().toBytes()));
    assertSame(
        UsdcCalls.transferWithAuthorization(auth, signature),
        c.transferWithAuthorization(
            A.toString(),
            B.toString(),
            amount(),
            BigInteger.ONE,
            BigInteger.TEN,
            WORD.toBytes(),
            signature.toArray()));
    assertSame(
        UsdcCalls.receiveWithAuthorization(auth, signature),
        c.receiveWithAuthorization(
            A.toString(),
            B.toString(),
            amount(),
            BigInteger.ONE,
            BigInteger.TEN,
            WORD.toBytes(),
            signature.toArray()));
    assertSame(UsdcCalls.configureMinter(B, AMOUNT), c.configureMinter(B.toString(), amount()));
    assertSame(UsdcCalls.mint(B, AMOUNT), c.mint(B.toString(), amount()));
    assertSame(UsdcCalls.balanceOf(B).data(), c.balanceOf(B.toString()));
    assertSame(UsdcCalls.allowance(A, B).data(), c.allowance(A.toString(), B.toString()));
    assertSame(
        UsdcCalls.authorizationState(A, WORD).data(),
        c.authorizationState(A.toString(), WORD.toBytes()));
    assertSame(UsdcCalls.nonces(A).data(), c.nonces(A.toString()));
    assertSame(UsdcCalls.minterAllowance(A).data(), c.minterAllowance(A.toString()));
    assertSame(UsdcCalls.domainSeparator().data(), c.DOMAIN_SEPARATOR());
  }
}
