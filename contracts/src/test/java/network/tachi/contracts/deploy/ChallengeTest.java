package network.tachi.contracts.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import network.tachi.chainconfig.Deployment;
import network.tachi.contracts.call.MeteringLedgerCalls;
import network.tachi.contracts.event.LedgerEvent;
import network.tachi.contracts.event.TachiEvent;
import network.tachi.contracts.web3j.Escrow;
import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.contracts.wire.EpochBody;
import network.tachi.contracts.wire.EpochHeader;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.evm.Bytes;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.Receipt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChallengeTest {
  private static final UsdcAmount BOND = UsdcAmount.parseUsdc("10");

  private static LocalNetwork network;
  private static Deployment deployment;

  private String snapshot;
  private LedgerClient oracle;
  private TxSender watcher;
  private CrawlVoucher voucher;

  @BeforeAll
  static void deploy() {
    network = new LocalNetwork();
    deployment = network.deploy();
  }

  @AfterAll
  static void stop() {
    network.close();
  }

  @BeforeEach
  void fund() {
    snapshot = network.base.snapshot();
    oracle = new LedgerClient(network, deployment);
    watcher = network.onBase("watcher");
    TxSender crawler = network.funded("crawler", BOND, oracle.escrow);
    crawler.send(oracle.escrow, Escrow.deposit(crawler.address(), BOND));
    TxSender operator = network.funded("operator", BOND, oracle.ledger);
    operator.send(oracle.ledger, MeteringLedgerCalls.depositBond(BOND));
    voucher =
        new CrawlVoucher(
            crawler.address(), LicenseId.of(1), UsdcAmount.of(100_000), Keccak.hash("terms"));
  }

  @AfterEach
  void restore() {
    network.base.revert(snapshot);
  }

  private void assertVoided(Bytes challenge, int number, List<Committed> voided) {
    Receipt receipt = watcher.send(oracle.ledger, challenge);
    List<TachiEvent> events = LocalNetwork.events(receipt, oracle.onBase);
    assertThat(events)
        .filteredOn(LedgerEvent.HeaderVoided.class::isInstance)
        .containsExactlyElementsOf(
            voided.stream()
                .<TachiEvent>map(c ->
                    new LedgerEvent.HeaderVoided(c.header().epoch(), 1, c.header().structHash()))
                .toList());
    UsdcAmount reward = BOND.basisPoints(4000);
    assertThat(events)
        .contains(
            new LedgerEvent.ChallengeWon(
                number,
                voided.isEmpty() ? 1 : voided.getFirst().header().epoch(),
                watcher.address(),
                reward));
    assertThat(network.balance(watcher.address())).isEqualTo(reward);
    assertThat(oracle.generation()).isEqualTo(2);
    assertThat(MeteringLedgerCalls.bond().ask(network.base.rpc(), oracle.ledger, BlockTag.LATEST))
        .isEqualTo(UsdcAmount.ZERO);
  }

  private void assertRefused(Bytes challenge, String error) {
    assertThatThrownBy(() -> watcher.send(oracle.ledger, challenge))
        .isInstanceOf(TransactionFailedException.class)
        .hasMessageContaining(error);
  }

  private static UsageAttestation withCumulative(UsageAttestation a, UsdcAmount cumulative) {
    return new UsageAttestation(
        a.generation(),
        a.logIndex(),
        a.configVersion(),
        a.rail(),
        a.crawler(),
        a.licenseId(),
        a.contentId(),
        a.requestId(),
        a.units(),
        a.unitPrice(),
        a.pairSeq(),
        a.pairPrevIndex(),
        cumulative,
        a.paymentRef(),
        a.issuedAtMs());
  }

  @Test
  void brokenPairChain_shouldVoidItsHeaderAndTheSuccessors() {
    oracle.charge(voucher, 1000);
    UsageAttestation second = oracle.charge(voucher, 2000);
    oracle.append(
        withCumulative(
            UsageAttestation.credit(
                oracle.next(),
                oracle.service(voucher.crawler(), voucher.licenseId(), 500),
                second.tip(),
                voucher.digest(oracle.credit),
                0),
            UsdcAmount.of(3501)));
    Committed bad = oracle.close();
    oracle.post(bad);
    Bytes challenge = MeteringLedgerCalls.challengePairChain(bad, oracle.proof(2), oracle.proof(1));
    Bytes honest = MeteringLedgerCalls.challengePairChain(bad, oracle.proof(1), oracle.proof(0));
    Bytes honestFirst = MeteringLedgerCalls.challengePairChain(bad, oracle.proof(0));
    oracle.charge(voucher, 1000);
    Committed after = oracle.close();
    oracle.post(after);
    assertRefused(honest, "NoLie()");
    assertRefused(honestFirst, "NoLie()");
    assertVoided(challenge, 4, List.of(bad, after));
  }

  @Test
  void lineThatIsWrongAlone_shouldVoidItsHeader() {
    UsageAttestation first =
        UsageAttestation.credit(
            oracle.next(),
            oracle.service(voucher.crawler(), voucher.licenseId(), 500),
            UsageAttestation.PairTip.NONE,
            voucher.digest(oracle.credit),
            0);
    oracle.append(withCumulative(first, UsdcAmount.of(501)));
    Committed bad = oracle.close();
    oracle.post(bad);
    assertVoided(MeteringLedgerCalls.challengePairChain(bad, oracle.proof(0)), 4, List.of(bad));
  }

  @Test
  void twoAttestationsForOneIndex_shouldVoidEveryHeaderThatCoversIt() {
    UsageAttestation a = oracle.charge(voucher, 1000);
    UsageAttestation b = withCumulative(a, UsdcAmount.of(1001));
    Committed covering = oracle.close();
    oracle.post(covering);
    assertRefused(
        MeteringLedgerCalls.challengeAttestations(a, oracle.sign(a), a, oracle.sign(a)), "NoLie()");
    assertRefused(
        MeteringLedgerCalls.challengeAttestations(
            a, oracle.sign(a), b, network.roots.getFirst().sign(b.digest(oracle.metering))),
        "NotSignedByKey(address)");
    assertVoided(
        MeteringLedgerCalls.challengeAttestations(a, oracle.sign(a), b, oracle.sign(b)),
        2,
        List.of(covering));
  }

  @Test
  void twoHeadersForOneEpoch_shouldVoidThePostedOne() {
    oracle.charge(voucher, 1000);
    Committed posted = oracle.close();
    oracle.post(posted);
    EpochBody body = posted.body();
    EpochHeader h = posted.header();
    EpochHeader other =
        new EpochHeader(
            h.epoch(),
            h.generation(),
            h.prevHeaderHash(),
            h.configDigest(),
            Keccak.hash("other body"));
    Bytes challenge =
        MeteringLedgerCalls.challengeHeaders(
            h,
            network.sign(h, oracle.deploymentId),
            other,
            network.sign(other, oracle.deploymentId),
            1);
    assertVoided(challenge, 2, List.of(posted));
    assertRefused(MeteringLedgerCalls.finalise(new Committed(h, body)), "NotPending(uint64)");
  }
}
