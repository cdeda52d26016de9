package network.tachi.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import network.tachi.contracts.deploy.DirectTxSender;
import network.tachi.contracts.web3j.Escrow;
import network.tachi.contracts.wire.SignerGrant;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.evm.Abi;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Signature;
import network.tachi.evm.Signer;
import network.tachi.evm.UsdcAmount;
import network.tachi.proto.v1.EntryResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A crawler's signers come and go on chain; no line may be left without consent that counts. */
class ConsentTest {
  private static final LicenseId SITE = LicenseId.of(1);
  private static final Duration REVOKE_DELAY = Duration.ofMinutes(1);
  private static Chains chains;

  private final Signer crawler = Samples.signer("crawler");
  private final Signer session = Samples.signer("session");
  @TempDir private Path directory;
  private Rig rig;
  private ChainMirror mirror;
  private DirectTxSender sender;

  @BeforeAll
  static void deploy() {
    chains = new Chains();
  }

  @AfterAll
  static void stop() {
    chains.close();
  }

  @BeforeEach
  void start() {
    chains.reset();
    rig = new Rig(chains, directory);
    mirror = new ChainMirror(rig);
    rig.license(SITE);
    rig.deposit(crawler, "5");
    sender = Chains.sender(chains.base, crawler);
  }

  @AfterEach
  void close() {
    mirror.close();
    rig.close();
  }

  private void register(Signer signer, Duration life) {
    long expiry = chains.now() + life.toSeconds();
    Signature grant =
        signer.sign(
            new SignerGrant(crawler.address(), signer.address(), expiry)
                .digest(rig.creditDomain()));
    sender.send(chains.escrow(), Escrow.registerSigner(signer.address(), expiry, grant));
    awaitIndexed("signer_registered", signer);
  }

  private void revoke(Signer signer) {
    sender.send(chains.escrow(), Abi.call("revokeSigner", Abi.address(signer.address())));
    awaitIndexed("signer_revoked", signer);
  }

  private void awaitIndexed(String table, Signer signer) {
    Await.until(
        "indexing " + table,
        () -> "",
        () ->
            !rig.owner
                .dsl()
                .fetch(
                    "SELECT FROM chain." + table + " WHERE signer = ?", signer.address().toBytes())
                .isEmpty());
  }

  private CreditRequest bySession(String request, long price, long max) {
    return rig.credit(crawler, session, SITE, request, price, max, Rig.TERMS);
  }

  private static String outcome(List<EntryResult> results) {
    EntryResult result = results.getFirst();
    return result.hasAttested() ? "attested" : result.getRefused().getCode();
  }

  private boolean isConsent(Signer signer, long epoch) {
    return new Escrow(chains.base.rpc(), chains.escrow())
        .isSignerAt(crawler.address(), signer.address(), rig.epoch(epoch).body().closedAt());
  }

  @Test
  void revokedSigner_shouldSignNoNewUsageAndStillCoverTheOld() {
    Rig.Running oracle = rig.start();
    register(session, Duration.ofHours(1));
    assertThat(outcome(oracle.report(bySession("a", 10, 100)))).isEqualTo("attested");
    revoke(session);

    assertThat(outcome(oracle.report(bySession("b", 10, 100)))).isEqualTo("voucher_signer_ending");
    assertThat(
            rig.meters
                .get("tachi.oracle.refused")
                .tag("rule", "voucher_signer_ending")
                .counter()
                .count())
        .isEqualTo(1);
    long epoch = rig.awaitEpochOver(1);
    rig.awaitPosted(epoch);
    assertThat(isConsent(session, epoch)).isTrue();
    assertThat(rig.log()).hasSize(1);
  }

  @Test
  void ceilingOfARevokedSigner_shouldNotBeUsedForNewLines() {
    Rig.Running oracle = rig.start();
    register(session, Duration.ofHours(1));
    assertThat(outcome(oracle.report(bySession("a", 10, 100)))).isEqualTo("attested");
    assertThat(oracle.pair(crawler.address(), SITE).getCumulativeMax()).isEqualTo("100");
    revoke(session);

    CreditRequest own = rig.credit(crawler, SITE, "b", 10, 20);
    assertThat(outcome(oracle.report(own))).isEqualTo("attested");
    assertThat(rig.log().get(1).paymentRef()).isEqualTo(own.signed().hash());
    assertThat(outcome(oracle.report(rig.credit(crawler, SITE, "c", 1, 20))))
        .isEqualTo("voucher_exceeded");
    assertThat(oracle.pair(crawler.address(), SITE).getCumulativeMax()).isEqualTo("20");
  }

  @Test
  void sameVoucherSignedByTheCrawlerItself_shouldCountAgain() {
    Rig.Running oracle = rig.start();
    register(session, Duration.ofHours(1));
    assertThat(outcome(oracle.report(bySession("a", 10, 100)))).isEqualTo("attested");
    revoke(session);
    assertThat(outcome(oracle.report(rig.credit(crawler, SITE, "b", 90, 100))))
        .isEqualTo("attested");
    assertThat(rig.owner.dsl().fetch("SELECT FROM metering.voucher").size()).isEqualTo(2);
  }

  @Test
  void signerThatExpiresWithinTheRevocationsDelay_shouldBeRefused() {
    Rig.Running oracle = rig.start();
    register(session, REVOKE_DELAY.minusSeconds(1));
    assertThat(outcome(oracle.report(bySession("a", 10, 100)))).isEqualTo("voucher_signer_ending");
    Signer longer = Samples.signer("longer");
    register(longer, REVOKE_DELAY.plusSeconds(20));
    assertThat(outcome(oracle.report(rig.credit(crawler, longer, SITE, "a", 10, 100, Rig.TERMS))))
        .isEqualTo("attested");
  }

  @Test
  void signerInNoSafeBlock_shouldBeRefusedUntilItIs() {
    Rig.Running oracle = rig.start();
    register(session, Duration.ofHours(1));
    rig.safe(1);
    assertThat(outcome(oracle.report(bySession("a", 10, 100)))).isEqualTo("voucher_signature");
    rig.safe(1_000);
    assertThat(outcome(oracle.report(bySession("a", 10, 100)))).isEqualTo("attested");
  }

  @Test
  void epochClosedLongAfterARevocation_shouldCloseAtATimeOfConsent() {
    register(session, Duration.ofHours(1));
    try (Rig.Running oracle = startThatClosesOneEpoch()) {
      rig.awaitPosted(1);
      assertThat(outcome(oracle.report(bySession("a", 10, 100)))).isEqualTo("attested");
    }
    long admitted = chains.now();
    revoke(session);
    // Longer than the revocation's delay, and shorter than what is too old to be posted.
    chains.base.increaseTime(Duration.ofSeconds(100));
    rig.start();
    long epoch = awaitEpochOver1();
    rig.awaitPosted(epoch);

    assertThat(rig.epoch(epoch).body().closedAt()).isGreaterThanOrEqualTo(admitted);
    assertThat(isConsent(session, epoch)).isTrue();
    assertThat(rig.epoch(epoch).body().totalCredit()).isEqualTo(UsdcAmount.of(10));
    assertThat(rig.log()).extracting(UsageAttestation::pairSeq).containsExactly(1L);
  }

  @Test
  void epoch_shouldCloseNoEarlierThanTheBlockThatAdmittedItsLines() {
    mirror.close();
    Rig.Running oracle = rig.start();
    rig.awaitPosted(1);
    long admitted = chains.now() + 40;
    rig.indexHead(admitted);
    assertThat(outcome(oracle.report(rig.credit(crawler, SITE, "a", 10, 100))))
        .isEqualTo("attested");
    chains.base.increaseTime(Duration.ofSeconds(5));
    Await.until(
        "an epoch being due",
        () -> "",
        () -> rig.meters.get("tachi.oracle.epoch.age.seconds").gauge().value() >= 5);
    chains.base.increaseTime(Duration.ofSeconds(50));

    long epoch = awaitEpochOver1();
    assertThat(rig.epoch(epoch).body().closedAt()).isGreaterThanOrEqualTo(admitted);
  }

  @Test
  void billThatAnOldThawMayOvertake_shouldWaitForADepositAndSaySo() {
    try (Rig.Running oracle = startThatClosesOneEpoch()) {
      rig.awaitPosted(1);
      assertThat(outcome(oracle.report(rig.credit(crawler, SITE, "a", 1_000, 2_000))))
          .isEqualTo("attested");
    }
    rig.thaw(crawler.address(), UsdcAmount.parseUsdc("5").toBigInteger().longValueExact());
    chains.base.increaseTime(Duration.ofSeconds(5));
    Rig.Running oracle = rig.start();
    rig.awaitWarning(oracle, Warning.CREDIT_AT_RISK, "may withdraw 1000 ");
    assertThat(rig.epoch(rig.newestEpoch()).body().logSize()).isZero();
    rig.deposit(crawler, "0.001");
    rig.awaitPosted(awaitEpochOver1());
  }

  @Test
  void lineThatWaitsTooLongForAnEpoch_shouldStopCreditUntilOneIsClosed() {
    mirror.close();
    try (Rig.Running oracle = startThatClosesOneEpoch()) {
      rig.awaitPosted(1);
      rig.indexHead(chains.now());
      assertThat(outcome(oracle.report(rig.credit(crawler, SITE, "a", 10, 100))))
          .isEqualTo("attested");
      rig.indexHead(chains.now() + REVOKE_DELAY.dividedBy(2).toSeconds());
      assertThat(outcome(oracle.report(rig.credit(crawler, SITE, "b", 10, 100))))
          .isEqualTo("attested");
      rig.indexHead(chains.now() + REVOKE_DELAY.dividedBy(2).toSeconds() + 1);
      assertThat(outcome(oracle.report(rig.credit(crawler, SITE, "c", 10, 100))))
          .isEqualTo("epochs_stalled");

      chains.base.increaseTime(Duration.ofMinutes(61));
      Await.until("an epoch over both lines", () -> "", () -> rig.newestEpoch() > 1);
      assertThat(outcome(oracle.report(rig.credit(crawler, SITE, "c", 10, 100))))
          .isEqualTo("attested");
    }
  }

  /** Closes the first epoch, over nothing, and then none for long. */
  private Rig.Running startThatClosesOneEpoch() {
    Duration pace = Duration.ofHours(1);
    return rig.running(rig.config.withPace(pace, pace), chains.keys).started();
  }

  private long awaitEpochOver1() {
    Await.until(
        "an epoch over the line",
        () -> "",
        () ->
            rig.owner
                .snapshot(new EpochTable()::newest)
                .filter(epoch -> epoch.body().logSize() == 1)
                .isPresent());
    return rig.newestEpoch();
  }
}
