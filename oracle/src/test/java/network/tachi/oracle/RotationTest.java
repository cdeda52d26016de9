package network.tachi.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import network.tachi.contracts.deploy.DirectTxSender;
import network.tachi.contracts.deploy.Windows;
import network.tachi.contracts.wire.SignerConfig;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.evm.Abi;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Secp256k1;
import network.tachi.evm.Signature;
import network.tachi.evm.Signer;
import network.tachi.evm.UsdcAmount;
import network.tachi.proto.v1.EntryResult;
import network.tachi.server.ApiException;
import network.tachi.testkit.Anvil;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator changes keys while something of the old ones is unfinished. */
class RotationTest {
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
  void epochSignedButNotPostedBeforeNewRoots_shouldBeClosedAgainAndPosted() {
    assertPostedAfterRotation(
        List.of(Samples.signer("new 0"), Samples.signer("new 1"), Samples.signer("new 2")));
  }

  @Test
  void epochSignedButNotPostedBeforeANewAttestationKey_shouldBeSignedAgainByTheSameRoots() {
    assertPostedAfterRotation(chains.keys.roots());
  }

  private void assertPostedAfterRotation(List<Signer> roots) {
    long epoch;
    try (Rig.Running oracle = rig.running(withoutBond(), chains.keys).started()) {
      rig.awaitPosted(1);
      assertThat(oracle.report(rig.credit(crawler, SITE, "a", 1_000, 10_000)))
          .allMatch(EntryResult::hasAttested);
      epoch = rig.awaitEpochOver(1);
      awaitSigned(epoch);
    }
    ClosedEpoch old = rig.epoch(epoch);
    OracleKeys keys = rotated(roots);
    activate(keys.signerConfig());

    try (Rig.Running _ = rig.startUnowned(keys)) {
      Await.until(
          "closing epoch " + epoch + " again",
          () -> rig.head().toString(),
          () -> rig.newestEpoch() >= epoch && !rig.epochHash(epoch).equals(old.headerHash()));
      rig.awaitPosted(epoch);
      rig.awaitAnchored(epoch);
    }
    assertThat(rig.epoch(epoch).header().configDigest())
        .isEqualTo(keys.signerConfig().digest(chains.network.deploymentId().orElseThrow()));
    assertThat(rig.epoch(epoch).body().totalCredit()).isEqualTo(UsdcAmount.of(1_000));
    assertThat(rig.settlement(epoch).pairs()).hasSize(1);
  }

  @Test
  void epochTooOldToBePosted_shouldSaySoUntilANewConfigurationClosesItAgain() {
    long epoch;
    try (Rig.Running oracle = rig.running(withoutBond(), chains.keys).started()) {
      rig.awaitPosted(1);
      oracle.report(rig.credit(crawler, SITE, "a", 1_000, 10_000));
      epoch = rig.awaitEpochOver(1);
      awaitSigned(epoch);
    }
    Duration tooLong = Windows.local().thawFallback().dividedBy(2).plusSeconds(2);
    chains.base.increaseTime(tooLong);
    try (Rig.Running oracle = rig.startUnowned()) {
      rig.awaitWarning(oracle, Warning.EPOCH_STALE, "new signer configuration");
    }
    Hash old = rig.epochHash(epoch);
    OracleKeys keys = rotated(chains.keys.roots());
    activate(keys.signerConfig());
    try (Rig.Running _ = rig.startUnowned(keys)) {
      Await.until(
          "closing epoch " + epoch + " again",
          () -> rig.head().toString(),
          () -> rig.newestEpoch() >= epoch && !rig.epochHash(epoch).equals(old));
      rig.awaitPosted(epoch);
    }
    assertThat(rig.epoch(epoch).body().totalCredit()).isEqualTo(UsdcAmount.of(1_000));
  }

  @Test
  void entryUnsignedAndNotClearedBeforeTheKeyChange_shouldBeSignedByTheNewKey() throws IOException {
    Map<Path, byte[]> marks = new HashMap<>();
    try (Rig.Running oracle = rig.startUnowned()) {
      oracle.report(rig.credit(crawler, SITE, "a", 10, 10_000));
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        marks.put(file, Files.readAllBytes(file));
      }
    }
    dieBeforeSigning("b");
    // As if it had died a moment earlier: after the commit, before the watermark moved.
    for (Map.Entry<Path, byte[]> mark : marks.entrySet()) {
      Files.write(mark.getKey(), mark.getValue());
    }
    OracleKeys keys = rotated(chains.keys.roots());
    activate(keys.signerConfig());

    try (Rig.Running oracle = rig.startUnowned(keys)) {
      EntryResult again = oracle.report(rig.credit(crawler, SITE, "b", 10, 10_000)).getFirst();
      assertThat(again.hasAttested()).isTrue();
      UsageAttestation leaf = rig.log().get(1);
      assertThat(leaf.configVersion()).isEqualTo(2);
      assertThat(leaf.pairSeq()).isEqualTo(2);
      assertThat(
              Secp256k1.best()
                  .verify(
                      leaf.digest(rig.meteringDomain()),
                      Signature.parse(again.getAttested().getSignature()),
                      keys.attestation().address()))
          .isTrue();
      rig.awaitPosted(rig.awaitEpochOver(2));
    }
  }

  @Test
  void entryThatTheOldKeyMayHaveSigned_shouldStayAndNotStopTheLog() {
    dieBeforeSigning("a");
    OracleKeys keys = rotated(chains.keys.roots());
    activate(keys.signerConfig());

    try (Rig.Running oracle = rig.startUnowned(keys)) {
      List<EntryResult> results =
          oracle.report(
              rig.credit(crawler, SITE, "a", 10, 10_000),
              rig.credit(crawler, SITE, "b", 10, 10_000));
      assertThat(results.get(0).getRefused().getCode()).isEqualTo("attestation_key_retired");
      assertThat(results.get(1).hasAttested()).isTrue();
      assertThat(rig.log()).extracting(UsageAttestation::configVersion).containsExactly(1L, 2L);
      rig.awaitPosted(rig.awaitEpochOver(2));
    }
  }

  private void dieBeforeSigning(String request) {
    OracleKeys keys = chains.keys;
    Signer dead =
        new Signer() {
          @Override
          public Address address() {
            return keys.attestation().address();
          }

          @Override
          public Signature sign(Hash digest) {
            throw new IllegalStateException("the process died");
          }
        };
    OracleKeys dying =
        new OracleKeys(
            keys.configVersion(),
            keys.threshold(),
            dead,
            keys.roots(),
            keys.settlementSender(),
            keys.anchorSender());
    try (Rig.Running oracle = rig.startUnowned(dying)) {
      assertThatThrownBy(() -> oracle.report(rig.credit(crawler, SITE, request, 10, 10_000)))
          .isInstanceOf(ApiException.class);
    }
  }

  private OracleConfig withoutBond() {
    OracleConfig config = rig.config;
    return new OracleConfig(
        config.epochLength(),
        config.maxIdle(),
        config.tick(),
        UsdcAmount.ZERO,
        config.watermarkDirectory(),
        config.leaseLife(),
        config.maxBatch(),
        config.maxQueued(),
        config.maxIndexAge(),
        config.settlementPolicy(),
        config.anchorPolicy());
  }

  private void awaitSigned(long epoch) {
    Await.until(
        "signing epoch " + epoch,
        () -> rig.head().toString(),
        () ->
            rig.owner
                    .dsl()
                    .fetch("SELECT FROM metering.epoch WHERE epoch = ? AND state = 'signed'", epoch)
                    .size()
                == 1);
  }

  private static OracleKeys rotated(List<Signer> roots) {
    OracleKeys keys = chains.keys;
    return new OracleKeys(
        2,
        keys.threshold(),
        Samples.signer("new attestation"),
        roots,
        keys.settlementSender(),
        keys.anchorSender());
  }

  /** Puts a configuration in force on both chains, at a safe block. */
  private static void activate(SignerConfig config) {
    activate(chains.base, chains.ledger(), config);
    activate(chains.ethereum, chains.anchor(), config);
  }

  private static void activate(Anvil chain, Address contract, SignerConfig config) {
    DirectTxSender admin = Chains.sender(chain, "admin");
    admin.send(contract, propose(config));
    chain.increaseTime(Duration.ofSeconds(30));
    admin.send(contract, Abi.call("activateConfig", Abi.uint(64, config.version())));
    chain.mine(70);
  }

  private static Bytes propose(SignerConfig config) {
    return Abi.call(
        "proposeConfig",
        Abi.uint(64, config.version()),
        Abi.uint(8, config.threshold()),
        Abi.array("address", config.signers().stream().map(Abi::address).toList()),
        Abi.address(config.attestationKey()));
  }
}
