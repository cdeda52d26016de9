package network.tachi.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import network.tachi.contracts.deploy.DirectTxSender;
import network.tachi.contracts.wire.SignerConfig;
import network.tachi.evm.Abi;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Signer;
import network.tachi.evm.UsdcAmount;
import network.tachi.proto.v1.EntryResult;
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
