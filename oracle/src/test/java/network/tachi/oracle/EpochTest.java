package network.tachi.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import network.tachi.contracts.call.HeaderAnchorCalls;
import network.tachi.contracts.call.MeteringLedgerCalls;
import network.tachi.contracts.deploy.DirectTxSender;
import network.tachi.contracts.web3j.Ledger;
import network.tachi.contracts.web3j.Licenses;
import network.tachi.contracts.wire.LicenseLeaf;
import network.tachi.contracts.wire.PairLeaf;
import network.tachi.contracts.wire.Proven;
import network.tachi.contracts.wire.SettlementTrees;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Signer;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.proto.v1.EntryResult;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EpochTest {
  private static final LicenseId SITE = LicenseId.of(1);
  private static Chains chains;

  private final Signer crawler = Samples.signer("crawler");
  @TempDir private Path directory;
  private Rig rig;

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
    rig.license(SITE);
    rig.deposit(crawler, "5");
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void reportedUsage_shouldBecomeMoneyOnChain() {
    Rig.Running oracle = rig.start();
    DirectTxSender publisher = Chains.sender(chains.base, "publisher");
    publisher.send(
        chains.license(),
        Licenses.mint("https://site1.example/terms", publisher.address(), publisher.address()));
    List<EntryResult> results =
        oracle.report(
            rig.credit(crawler, SITE, "a", 1_000, 10_000),
            rig.credit(crawler, SITE, "b", 2_000, 10_000));
    assertThat(results).allMatch(EntryResult::hasAttested);

    long epoch = rig.awaitEpochOver(2);
    rig.awaitPosted(epoch);
    rig.awaitAnchored(epoch);
    chains.base.increaseTime(Duration.ofSeconds(15));
    rig.awaitFinalised(epoch);

    SettlementTrees trees = rig.settlement(epoch);
    Proven<LicenseLeaf> claim = trees.credit().party(SITE).orElseThrow();
    publisher.send(chains.ledger(), Ledger.claim(claim));
    assertThat(chains.balance(publisher.address())).isEqualTo(UsdcAmount.of(3_000));

    ClosedEpoch closed = rig.epoch(epoch);
    assertThat(closed.body().totalCredit()).isEqualTo(UsdcAmount.of(3_000));
    assertThat(closed.body().totalDebit()).isEqualTo(UsdcAmount.of(3_000));
    assertThat(rig.creditInLog(closed.body().logSize())).isEqualTo(UsdcAmount.of(3_000));
    assertThat(trees.pairs()).extracting(PairLeaf::lastPairSeq).containsExactly(2L);
  }

  @Test
  void quietLog_shouldCloseAnEpochOnlyWhenTheIdleTimeIsOver() {
    rig.start();
    rig.awaitPosted(1);
    chains.base.increaseTime(Duration.ofSeconds(30));
    assertThat(rig.newestEpoch()).isEqualTo(1);
    chains.base.increaseTime(Duration.ofSeconds(31));
    rig.awaitPosted(2);
    assertThat(rig.epoch(2).body().logSize()).isZero();
  }

  @Test
  void postedHeaderThatAReorgDrops_shouldBePostedAgain() {
    Rig.Running oracle = rig.start();
    rig.awaitPosted(1);
    oracle.report(rig.credit(crawler, SITE, "a", 1_000, 10_000));
    long epoch = rig.awaitEpochOver(1);
    rig.awaitPosted(epoch);
    var hash = rig.epoch(epoch).headerHash();
    chains.base.mine(3);

    chains.base.reorg(4, List.of());

    rig.awaitPosted(epoch);
    assertThat(
            MeteringLedgerCalls.headerAt(epoch)
                .ask(chains.base.rpc(), chains.ledger(), BlockTag.LATEST)
                .headerHash())
        .isEqualTo(hash);
  }

  @Test
  void oracleThatIsStoppedAndStartedAgain_shouldGoOnWhereItWas() {
    for (int life = 0; life < 5; life++) {
      try (Rig.Running oracle = rig.startUnowned()) {
        String request = "life " + life;
        assertThat(oracle.report(rig.credit(crawler, SITE, request, 1_000, 10_000)))
            .allMatch(EntryResult::hasAttested);
        if (life % 2 == 0) {
          rig.awaitEpochOver(life + 1);
        }
      }
    }
    rig.start();
    long epoch = rig.awaitEpochOver(5);
    rig.awaitPosted(epoch);
    rig.awaitAnchored(epoch);
    assertThat(
            HeaderAnchorCalls.latest()
                .ask(chains.ethereum.rpc(), chains.anchor(), BlockTag.LATEST)
                .is(rig.epoch(epoch).headerHash()))
        .isTrue();
    assertThat(rig.epoch(epoch).body().totalCredit()).isEqualTo(UsdcAmount.of(5_000));
    assertThat(rig.outboxRows("post-header")).isEqualTo(epoch);
  }

  @Test
  void bond_shouldBeToppedUpWhenTheGrowthNeedsIt() {
    Rig.Running oracle = rig.start();
    rig.deposit(crawler, "50");
    oracle.report(rig.credit(crawler, SITE, "a", 9_000_000, 100_000_000));
    rig.awaitPosted(rig.awaitEpochOver(1));
    assertThat(bond()).isEqualTo(UsdcAmount.parseUsdc("10"));
    oracle.report(rig.credit(crawler, SITE, "b", 30_000_000, 100_000_000));
    rig.awaitPosted(rig.awaitEpochOver(2));
    assertThat(bond()).isEqualTo(UsdcAmount.parseUsdc("39"));
  }

  private static UsdcAmount bond() {
    return MeteringLedgerCalls.bond().ask(chains.base.rpc(), chains.ledger(), BlockTag.LATEST);
  }
}
