package network.tachi.oracle;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import network.tachi.contracts.wire.LogFrontier;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Secp256k1;
import network.tachi.evm.Signature;
import network.tachi.evm.Signer;
import network.tachi.evm.UsdcAmount;
import network.tachi.proto.v1.EntryResult;
import network.tachi.server.ApiException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashTest {
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

  /** A key that dies after so many signatures. */
  private static final class DyingSigner implements Signer {
    private final Signer signer;
    private final AtomicInteger left;

    DyingSigner(Signer signer, int signatures) {
      this.signer = signer;
      this.left = new AtomicInteger(signatures);
    }

    @Override
    public Address address() {
      return signer.address();
    }

    @Override
    public Signature sign(Hash digest) {
      if (left.getAndDecrement() <= 0) {
        throw new IllegalStateException("the process died");
      }
      return signer.sign(digest);
    }
  }

  private OracleKeys dyingAfter(int signatures) {
    OracleKeys keys = chains.keys;
    return new OracleKeys(
        keys.configVersion(),
        keys.threshold(),
        new DyingSigner(keys.attestation(), signatures),
        keys.roots(),
        keys.settlementSender(),
        keys.anchorSender());
  }

  @Test
  void deathBetweenCommitAndSigning_shouldLoseNothing() {
    for (int signatures = 0; signatures < 4; signatures++) {
      PaidRequest[] requests = new PaidRequest[3];
      for (int i = 0; i < 3; i++) {
        requests[i] = rig.credit(crawler, SITE, signatures + "-" + i, 10, 10_000);
      }
      try (Rig.Running dying = rig.startUnowned(dyingAfter(signatures))) {
        if (signatures < 3) {
          assertThatThrownBy(() -> dying.report(requests)).isInstanceOf(ApiException.class);
        } else {
          dying.report(requests);
        }
      }
      int logged = 3 * (signatures + 1);
      assertThat(rig.log()).hasSize(logged);
      try (Rig.Running next = rig.startUnowned()) {
        Await.until(
            "signing what was left",
            () -> rig.log().toString(),
            () -> rig.owner.snapshot(tx -> new LogTable().unsigned(tx, 10)).isEmpty());
        assertThat(next.report(requests)).allMatch(EntryResult::hasAttested);
      }
      assertThat(rig.log()).hasSize(logged);
    }
    for (UsageAttestation leaf : rig.log()) {
      EntryKey key = new EntryKey(leaf.licenseId(), leaf.crawler(), leaf.requestId());
      LogTable.Entry entry =
          requireNonNull(rig.owner.snapshot(tx -> new LogTable().find(tx, List.of(key))).get(key));
      assertThat(
              Secp256k1.best()
                  .verify(
                      leaf.digest(rig.meteringDomain()),
                      requireNonNull(entry.signature()),
                      chains.keys.attestation().address()))
          .isTrue();
    }
  }

  @Test
  void olderCopyOfTheDatabase_shouldNeverBeSignedFrom() {
    try (Rig.Running oracle = rig.startUnowned()) {
      oracle.report(rig.credit(crawler, SITE, "a", 10, 10_000));
      oracle.report(rig.credit(crawler, SITE, "b", 10, 10_000));
    }
    rig.owner.run(tx -> {
      tx.execute("DELETE FROM metering.log_leaf WHERE log_index = 1");
      // An older copy's feed does not speak of it either.
      tx.execute(
          "UPDATE metering.feed SET kind = 'epochs', first = 0, last = -1"
              + " WHERE kind = 'entries' AND first = 1");
      tx.execute(
          "DELETE FROM metering.usage_entry WHERE id = (SELECT max(id) FROM metering.usage_entry)");
    });
    try (Rig.Running restored = rig.running(rig.config, chains.keys)) {
      restored.role.start();
      Await.until(
          "finding out",
          () -> restored.role.readiness().failures().toString(),
          () -> restored.role.readiness().failures().toString().contains("older copy"));
      assertThatThrownBy(() -> restored.report(rig.credit(crawler, SITE, "c", 10, 10_000)))
          .isInstanceOf(ApiException.class);
    }
    assertThat(rig.log()).hasSize(1);
  }

  @Test
  void writerThatLostTheLease_shouldWriteNothing() {
    Rig.Running oracle = rig.start();
    oracle.report(rig.credit(crawler, SITE, "a", 10, 10_000));
    rig.owner.run(tx -> tx.execute("UPDATE metering.lease SET epoch = epoch + 1"));
    assertThatThrownBy(() -> oracle.report(rig.credit(crawler, SITE, "b", 10, 10_000)))
        .isInstanceOf(ApiException.class);
    assertThat(rig.log()).hasSize(1);
    Await.until(
        "stepping down",
        () -> oracle.role.readiness().failures().toString(),
        () -> oracle.role.readiness().failures().toString().contains("took over"));
  }

  @Test
  void standby_shouldTakeOverWithoutGapOrFork() {
    Rig.Running first = rig.start();
    Rig.Running second = rig.running(rig.config, chains.keys);
    second.role.start();
    first.report(rig.credit(crawler, SITE, "a", 10, 10_000));
    assertThat(second.role.readiness().failures()).isNotEmpty();
    first.close();
    second.awaitReady();
    second.report(rig.credit(crawler, SITE, "b", 10, 10_000));
    second.close();
    assertThat(rig.log()).extracting(UsageAttestation::pairSeq).containsExactly(1L, 2L);
  }

  @Test
  void databaseWithoutTheLog_shouldNotStartANewOneUnderAnOldLedger() {
    try (Rig.Running oracle = rig.startUnowned()) {
      assertThat(oracle.role.readiness().failures()).isEmpty();
      rig.awaitPosted(1);
    }
    try (Rig other = new Rig(chains, directory);
        Rig.Running oracle = other.running(other.config, chains.keys)) {
      oracle.role.start();
      Await.until(
          "refusing",
          () -> oracle.role.readiness().failures().toString(),
          () -> oracle.role.readiness().failures().toString().contains("holds no log"));
    }
  }

  @Test
  void changedEntry_shouldNotBeSignedByAnyRootSigner() {
    Rig.Running oracle = rig.start();
    rig.awaitPosted(1);
    chains.base.automine(false);
    oracle.report(rig.credit(crawler, SITE, "a", 10, 10_000));
    rig.owner.run(tx -> tx.execute("UPDATE metering.log_leaf SET unit_price = 9"));
    chains.base.automine(true);
    rig.awaitEpochOver(1);
    Await.until(
        "refusing to sign",
        () -> oracle.role.warnings().toString(),
        () -> oracle.role.warnings().toString().contains("too few signers"));
    assertThat(rig.head().lastPosted()).isEqualTo(1);
  }

  @Test
  void randomLivesOfTheOracle_shouldKeepTheBooks() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<PaidRequest> asked = new ArrayList<>();
    for (int life = 0; life < 8; life++) {
      try (Rig.Running oracle = rig.running(rig.config, dyingAfter(random.nextInt(30)))) {
        oracle.role.start();
        Await.until(
            "coming up or dying again",
            () -> oracle.role.readiness().failures().toString(),
            () ->
                oracle.role.readiness().failures().isEmpty()
                    || oracle.role.readiness().failures().toString().contains("the process died"));
        for (int report = 0; report < 6; report++) {
          PaidRequest[] requests = new PaidRequest[1 + random.nextInt(8)];
          for (int i = 0; i < requests.length; i++) {
            String name = life + "-" + report + "-" + i;
            requests[i] = rig.credit(crawler, SITE, name, 1 + random.nextInt(50), 1_000_000);
          }
          asked.addAll(List.of(requests));
          try {
            oracle.report(requests);
          } catch (ApiException died) {
            assertThat(died.error().code().value()).isEqualTo("unavailable");
          }
          if (random.nextInt(3) == 0) {
            chains.base.increaseTime(rig.config.epochLength().plusSeconds(1));
          }
        }
      }
    }
    Rig.Running oracle = rig.start();
    assertThat(oracle.report(asked.toArray(new PaidRequest[0])))
        .as("seed %s", seed)
        .allMatch(EntryResult::hasAttested);
    long epoch = rig.awaitEpochOver(asked.size());
    rig.awaitPosted(epoch);

    UsdcAmount sum =
        asked.stream().map(PaidRequest::amount).reduce(UsdcAmount.ZERO, UsdcAmount::plus);
    ClosedEpoch closed = rig.epoch(epoch);
    List<UsageAttestation> log = rig.log();
    LogFrontier frontier = new LogFrontier();
    log.forEach(leaf -> frontier.append(leaf.leafHash()));
    assertThat(log).as("seed %s", seed).hasSize(asked.size());
    assertThat(closed.body().logRoot()).as("seed %s", seed).isEqualTo(frontier.root());
    assertThat(rig.creditInLog(closed.body().logSize())).as("seed %s", seed).isEqualTo(sum);
    assertThat(closed.body().totalCredit()).as("seed %s", seed).isEqualTo(sum);
    assertThat(closed.body().totalDebit()).as("seed %s", seed).isEqualTo(sum);
    assertThat(rig.outboxRows("post-header")).as("seed %s", seed).isEqualTo(epoch);
  }
}
