package network.tachi.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import network.tachi.contracts.call.DemandCalls;
import network.tachi.contracts.call.UsdcCalls;
import network.tachi.contracts.deploy.DirectTxSender;
import network.tachi.contracts.deploy.Windows;
import network.tachi.contracts.web3j.Escrow;
import network.tachi.contracts.web3j.Ledger;
import network.tachi.contracts.web3j.Licenses;
import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.LogProof;
import network.tachi.contracts.wire.MemoryLog;
import network.tachi.contracts.wire.SettlementTrees;
import network.tachi.contracts.wire.SignerGrant;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Abi;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
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

/** Parties of a posted header ask for what is behind it, on the real contracts. */
class DemandTest {
  private static final LicenseId SITE = LicenseId.of(1);
  private static final LicenseId OTHER_SITE = LicenseId.of(2);
  private static final Duration PENDING = Duration.ofMinutes(2);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static Chains chains;

  private final Signer crawler = Samples.signer("crawler");
  private final Signer session = Samples.signer("session");
  private final Signer otherCrawler = Samples.signer("other crawler");
  @TempDir private Path directory;
  private Rig rig;
  private ChainMirror mirror;
  private DirectTxSender publisher;
  private DirectTxSender asker;

  @BeforeAll
  static void deploy() {
    Windows local = Windows.local();
    chains =
        new Chains(
            new Windows(
                local.payoutDelay(),
                local.replacementDelay(),
                local.recoveryDelay(),
                local.feeDelay(),
                local.bucket(),
                local.hold(),
                local.answer(),
                local.escalate(),
                local.rule(),
                Duration.ofMinutes(10),
                Duration.ofMinutes(100),
                Duration.ofMinutes(10),
                PENDING,
                Duration.ofSeconds(150),
                Duration.ofMinutes(10),
                Duration.ofSeconds(200),
                ANSWER,
                local.pot()));
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
    publisher = Chains.sender(chains.base, "publisher");
    for (LicenseId site : List.of(SITE, OTHER_SITE)) {
      rig.license(site);
      publisher.send(
          chains.license(),
          Licenses.mint("https://site.example/terms", publisher.address(), publisher.address()));
    }
    rig.deposit(crawler, "5");
    rig.deposit(otherCrawler, "5");
    asker = Chains.sender(chains.base, crawler);
    registerSession();
    UsdcAmount fees = UsdcAmount.parseUsdc("20");
    chains.mint(crawler.address(), fees);
    asker.send(chains.usdc(), UsdcCalls.approve(chains.ledger(), fees));
  }

  @AfterEach
  void close() {
    mirror.close();
    rig.close();
  }

  private void registerSession() {
    long expiry = chains.now() + 100_000;
    Signature grant =
        session.sign(
            new SignerGrant(crawler.address(), session.address(), expiry)
                .digest(rig.creditDomain()));
    asker.send(chains.escrow(), Escrow.registerSigner(session.address(), expiry, grant));
    Await.until(
        "indexing the signer",
        () -> "",
        () -> !rig.owner.dsl().fetch("SELECT FROM chain.signer_registered").isEmpty());
  }

  /** What was posted, and what its parties hold of it. */
  private final class Posted {
    final List<EntryResult> results;
    final Committed target;
    final SettlementTrees trees;
    final List<UsageAttestation> lines;
    private final MemoryLog log = new MemoryLog();

    Posted(Rig.Running oracle) {
      this(
          oracle,
          rig.credit(crawler, SITE, "a", 1_000, 100_000),
          rig.credit(crawler, session, SITE, "b", 2_000, 200_000, Rig.TERMS),
          rig.credit(crawler, OTHER_SITE, "c", 4_000, 100_000),
          rig.credit(otherCrawler, SITE, "d", 8_000, 100_000),
          rig.credit(crawler, session, SITE, "e", 16_000, 200_000, Rig.TERMS));
    }

    Posted(Rig.Running oracle, PaidRequest... requests) {
      long before = rig.log().size();
      results = oracle.report(requests);
      assertThat(results).allMatch(EntryResult::hasAttested);
      long epoch = rig.awaitEpochOver(before + requests.length);
      rig.awaitPosted(epoch);
      target = rig.epoch(epoch).committed();
      trees = rig.settlement(epoch);
      lines = rig.log();
      lines.forEach(line -> log.append(line.leafHash()));
    }

    LogProof line(int index) {
      return new LogProof(lines.get(index), index, log.inclusionProof(index, lines.size()));
    }

    Bytes demandVoucherOfLine(int index) {
      return DemandCalls.demandVoucher(target, line(index));
    }

    /** One of each kind, in each form. */
    List<Bytes> everyDemand() {
      return List.of(
          DemandCalls.demandLine(
              target, lines.get(3), Signature.parse(results.get(3).getAttested().getSignature())),
          DemandCalls.demandReference(
              target, true, trees.debit().pair(crawler.address(), SITE).orElseThrow()),
          DemandCalls.demandReference(target, line(4)),
          DemandCalls.demandVoucher(
              target, false, trees.credit().pair(SITE, crawler.address()).orElseThrow()),
          demandVoucherOfLine(0),
          demandVoucherOfLine(1),
          DemandCalls.demandNode(target, true, 1),
          DemandCalls.demandNode(target, false, 0, 1),
          DemandCalls.demandNode(target, true, 0, 77),
          DemandCalls.demandNode(target, false, 1, WireIds.NONE));
    }
  }

  private void ask(Bytes demand) {
    asker.send(chains.ledger(), demand);
  }

  private Map<String, Long> demands() {
    return rig.owner.dsl().fetch("SELECT state FROM chain.demand_current").stream()
        .collect(
            Collectors.groupingBy(row -> row.get("state", String.class), Collectors.counting()));
  }

  private void awaitAnswered(long count) {
    Await.until(
        "answering " + count,
        () ->
            demands()
                + " "
                + rig.owner.dsl().fetch("SELECT kind, key, state, reason FROM metering.outbox"),
        () -> demands().equals(Map.of("answered", count)));
  }

  @Test
  void everyKindOfDemand_shouldBeAnsweredAndTheHeaderPay() {
    Rig.Running oracle = rig.start();
    Posted posted = new Posted(oracle);
    UsdcAmount operator = chains.balance(Chains.sender(chains.base, "admin").address());
    List<Bytes> demands = posted.everyDemand();
    demands.forEach(this::ask);

    awaitAnswered(demands.size());
    assertThat(chains.balance(Chains.sender(chains.base, "admin").address()))
        .isEqualTo(operator.plus(UsdcAmount.parseUsdc(Integer.toString(demands.size()))));
    assertThat(rig.outboxRows(DemandAnswerer.ANSWER)).isEqualTo(demands.size());
    assertThat(oracle.role.warnings()).isEmpty();

    chains.base.increaseTime(PENDING);
    rig.awaitFinalised(posted.target.header().epoch());
    publisher.send(chains.ledger(), Ledger.claim(posted.trees.credit().party(SITE).orElseThrow()));
    assertThat(chains.balance(publisher.address())).isEqualTo(UsdcAmount.of(27_000));
  }

  @Test
  void demandWithoutAnAnswerer_shouldVoidTheHeader() {
    Posted posted;
    try (Rig.Running oracle = rig.startUnowned()) {
      posted = new Posted(oracle);
    }
    UsdcAmount before = chains.balance(crawler.address());
    ask(posted.demandVoucherOfLine(1));
    Hash id = openDemand();
    chains.base.increaseTime(ANSWER.plusSeconds(1));
    asker.send(chains.ledger(), DemandCalls.expireDemand(posted.target, id));

    assertThat(rig.head().generation()).isEqualTo(2);
    // 40 % of the bond of 10 USDC; the fee came back.
    assertThat(chains.balance(crawler.address())).isEqualTo(before.plus(UsdcAmount.parseUsdc("4")));
  }

  @Test
  void demandWhileTheOracleIsDown_shouldBeAnsweredAfterItsStart() {
    Posted posted;
    try (Rig.Running oracle = rig.startUnowned()) {
      posted = new Posted(oracle);
    }
    ask(posted.demandVoucherOfLine(1));
    ask(DemandCalls.demandReference(posted.target, posted.line(4)));
    rig.start();
    awaitAnswered(2);
  }

  @Test
  void demandThatCannotBeAnswered_shouldAlarmUntilItCan() {
    Rig.Running oracle = rig.start();
    Posted posted = new Posted(oracle);
    rig.owner.run(tx -> {
      tx.execute("CREATE TABLE metering.lost AS SELECT * FROM metering.voucher");
      tx.execute("DELETE FROM metering.voucher");
    });
    ask(posted.demandVoucherOfLine(1));
    rig.awaitWarning(oracle, Warning.DEMAND_UNANSWERED, "there is no voucher");
    assertThat(rig.meters.get("tachi.oracle.demands.unanswered").gauge().value()).isEqualTo(1);
    assertThat(rig.meters.get("tachi.oracle.demands.seconds.left").gauge().value())
        .isBetween(1.0, 30.0);
    Await.until("one open", () -> "", () -> openDemandsShown() == 1);
    rig.owner.run(tx -> tx.execute("INSERT INTO metering.voucher SELECT * FROM metering.lost"));
    awaitAnswered(1);
    Await.until(
        "no alarm",
        () -> oracle.role.warnings().toString(),
        () -> oracle.role.warnings().isEmpty());
    assertThat(rig.meters.get("tachi.oracle.demands.unanswered").gauge().value()).isZero();
  }

  @Test
  void demandThatTheIndexLacks_shouldBeToldOf() {
    Rig.Running oracle = rig.start();
    Posted posted = new Posted(oracle);
    mirror.close();
    ask(posted.demandVoucherOfLine(1));
    rig.awaitWarning(oracle, Warning.DEMAND_UNANSWERED, "the index shows only 0");
    mirror = new ChainMirror(rig, chains.base.rpc().blockNumber());
    awaitAnswered(1);
    Await.until(
        "no alarm",
        () -> oracle.role.warnings().toString(),
        () -> oracle.role.warnings().isEmpty());
  }

  @Test
  void demandThatSomebodyElseAnswered_shouldNotBeAnsweredAgain() {
    Posted posted;
    try (Rig.Running oracle = rig.startUnowned()) {
      posted = new Posted(oracle);
    }
    ask(DemandCalls.demandReference(posted.target, posted.line(4)));
    publisher.send(chains.ledger(), DemandCalls.answerReference(posted.target, posted.line(1)));
    awaitAnswered(1);
    rig.owner.run(tx -> tx.execute("DELETE FROM chain.demand_answered"));
    Rig.Running oracle = rig.start();
    ask(posted.demandVoucherOfLine(0));
    Await.until(
        "answering the other one",
        () -> demands().toString(),
        () -> demands().equals(Map.of("open", 1L, "answered", 1L)));
    assertThat(rig.outboxRows(DemandAnswerer.ANSWER)).isEqualTo(1);
    assertThat(oracle.role.warnings()).isEmpty();
  }

  @Test
  void voucherWhoseFirstSignerHasEnded_shouldBeShownByItsSecond() {
    Rig.Running oracle = rig.start();
    Posted first =
        new Posted(oracle, rig.credit(crawler, session, SITE, "a", 1_000, 9_000, Rig.TERMS));
    asker.send(chains.escrow(), Abi.call("revokeSigner", Abi.address(session.address())));
    chains.base.increaseTime(Duration.ofMinutes(11));
    Posted second = new Posted(oracle, rig.credit(crawler, SITE, "b", 2_000, 9_000));
    assertThat(second.lines.get(1).paymentRef()).isEqualTo(first.lines.get(0).paymentRef());

    ask(second.demandVoucherOfLine(1));
    awaitAnswered(1);
    assertThat(oracle.role.warnings()).isEmpty();
  }

  private double openDemandsShown() {
    Gauge gauge = rig.meters.find("tachi.oracle.demands").tag("state", "open").gauge();
    return gauge == null ? 0 : gauge.value();
  }

  private Hash openDemand() {
    Await.until("indexing the demand", () -> "", () -> demands().containsKey("open"));
    return Rows.hash(
        rig.owner.dsl().fetchSingle("SELECT demand_id FROM chain.demand_current"), "demand_id");
  }
}
