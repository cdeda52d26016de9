package network.tachi.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import network.tachi.contracts.call.MeteringLedgerCalls;
import network.tachi.contracts.deploy.DirectTxSender;
import network.tachi.contracts.web3j.Ledger;
import network.tachi.contracts.web3j.Licenses;
import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.EpochBody;
import network.tachi.contracts.wire.EpochHeader;
import network.tachi.contracts.wire.LogProof;
import network.tachi.contracts.wire.MemoryLog;
import network.tachi.contracts.wire.PairLeaf;
import network.tachi.contracts.wire.SettlementTrees;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Bytes;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Secp256k1;
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

/**
 * Somebody who got hold of the signers' keys posts a lie; it is proven, and the honest log goes on.
 */
class VoidTest {
  private static final LicenseId SITE = LicenseId.of(1);
  private static Chains chains;

  private final Signer crawler = Samples.signer("crawler");
  @TempDir private Path directory;
  private Rig rig;
  private DirectTxSender thief;

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
    thief = Chains.sender(chains.base, "thief");
  }

  @AfterEach
  void close() {
    rig.close();
  }

  /** A header over the honest log and one more entry, which charges more than its price. */
  private final class Lie {
    final MemoryLog log = new MemoryLog();
    final UsageAttestation before;
    final UsageAttestation lie;
    final Committed committed;

    Lie(ClosedEpoch last) {
      List<UsageAttestation> entries =
          rig.owner.snapshot(tx -> new LogTable().entries(tx, 0, last.body().logSize()));
      entries.forEach(entry -> log.append(entry.leafHash()));
      before = entries.getLast();
      lie = tooDear(before);
      log.append(lie.leafHash());
      EpochBody body =
          EpochBody.of(
              log.size(),
              log.root(),
              SettlementTrees.of(List.of(PairLeaf.of(lie))),
              WireIds.rulesHash(new TreeMap<>()),
              chains.now());
      EpochHeader header =
          new EpochHeader(
              last.number() + 1,
              last.header().generation(),
              last.headerHash(),
              last.header().configDigest(),
              body.structHash());
      committed = new Committed(header, body);
    }

    private UsageAttestation tooDear(UsageAttestation a) {
      return new UsageAttestation(
          a.generation(),
          a.logIndex() + 1,
          a.configVersion(),
          a.rail(),
          a.crawler(),
          a.licenseId(),
          a.contentId(),
          Keccak.hash("invented"),
          1,
          UsdcAmount.of(1),
          a.pairSeq() + 1,
          a.logIndex(),
          a.pairCumulative().plus(UsdcAmount.of(500_000)),
          a.paymentRef(),
          0);
    }

    void post() {
      thief.send(
          chains.ledger(),
          MeteringLedgerCalls.post(committed, chains.signBlindly(committed.header())));
    }

    Bytes challengePairChain() {
      return MeteringLedgerCalls.challengePairChain(committed, proof(lie), proof(before));
    }

    private LogProof proof(UsageAttestation entry) {
      return new LogProof(
          entry, entry.logIndex(), log.inclusionProof(entry.logIndex(), log.size()));
    }
  }

  @Test
  void brokenPairChainOnChain_shouldBeVoidedAndTheHonestLogPaid() {
    Rig.Running oracle = rig.start();
    Lie lie = postLie(oracle);

    challenge(lie.challengePairChain());

    assertHonestReissue(oracle, lie);
  }

  @Test
  void secondHeaderForAnEpoch_shouldBeVoidedAndTheHonestLogPaid() {
    Rig.Running oracle = rig.start();
    Lie lie = postLie(oracle);
    EpochHeader posted = lie.committed.header();
    EpochHeader other =
        new EpochHeader(
            posted.epoch(),
            posted.generation(),
            posted.prevHeaderHash(),
            posted.configDigest(),
            Keccak.hash("another body"));

    challenge(
        MeteringLedgerCalls.challengeHeaders(
            posted, chains.signBlindly(posted), other, chains.signBlindly(other), 1));

    assertHonestReissue(oracle, lie);
  }

  @Test
  void oracleThatWasDownDuringTheVoid_shouldFollowAtItsStart() {
    Lie lie;
    try (Rig.Running oracle = rig.startUnowned()) {
      lie = postLie(oracle);
    }
    challenge(lie.challengePairChain());
    assertHonestReissue(rig.start(), lie);
  }

  /**
   * One honest epoch on chain, then the lie as the next one, then an honest request that it does
   * not cover.
   */
  private Lie postLie(Rig.Running oracle) {
    assertThat(oracle.report(rig.credit(crawler, SITE, "a", 1_000, 100_000)))
        .allMatch(EntryResult::hasAttested);
    long epoch = rig.awaitEpochOver(1);
    rig.awaitPosted(epoch);
    Lie lie = new Lie(rig.epoch(epoch));
    lie.post();
    assertThat(oracle.report(rig.credit(crawler, SITE, "b", 2_000, 100_000)))
        .allMatch(EntryResult::hasAttested);
    return lie;
  }

  private void challenge(Bytes challenge) {
    DirectTxSender watcher = Chains.sender(chains.base, "watcher");
    watcher.send(chains.ledger(), challenge);
    assertThat(rig.head().generation()).isEqualTo(2);
    assertThat(chains.balance(watcher.address())).isEqualTo(UsdcAmount.parseUsdc("4"));
    // The void must be safe before anything is signed again.
    chains.base.mine(40);
  }

  private void assertHonestReissue(Rig.Running oracle, Lie lie) {
    long number = lie.committed.header().epoch();
    rig.awaitGeneration(2);
    assertThat(oracle.report(rig.credit(crawler, SITE, "c", 3_000, 100_000)))
        .allMatch(EntryResult::hasAttested);
    long epoch = rig.awaitEpochOver(3);
    rig.awaitPosted(epoch);
    rig.awaitAnchored(epoch);
    assertThat(epoch).isGreaterThanOrEqualTo(number);
    assertThat(rig.epoch(epoch).header().generation()).isEqualTo(2);

    List<UsageAttestation> log = new ArrayList<>(rig.log());
    assertThat(log).extracting(UsageAttestation::generation).containsExactly(1L, 2L, 2L);
    assertThat(log).extracting(UsageAttestation::pairSeq).containsExactly(1L, 2L, 3L);
    EntryResult again = oracle.report(rig.credit(crawler, SITE, "b", 2_000, 100_000)).getFirst();
    assertThat(again.getAttested().getAttestation().getGeneration()).isEqualTo("2");
    assertThat(
            Secp256k1.best()
                .verify(
                    log.get(1).digest(rig.meteringDomain()),
                    Signature.parse(again.getAttested().getSignature()),
                    chains.keys.attestation().address()))
        .isTrue();

    DirectTxSender publisher = Chains.sender(chains.base, "publisher");
    publisher.send(
        chains.license(),
        Licenses.mint("https://site1.example/terms", publisher.address(), publisher.address()));
    chains.base.increaseTime(Duration.ofSeconds(15));
    rig.awaitFinalised(epoch);
    publisher.send(
        chains.ledger(), Ledger.claim(rig.settlement(epoch).credit().party(SITE).orElseThrow()));
    assertThat(chains.balance(publisher.address())).isEqualTo(UsdcAmount.of(6_000));
  }
}
