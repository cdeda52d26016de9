package network.tachi.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import network.tachi.chainconfig.ChainCheck;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.Network;
import network.tachi.contracts.deploy.DirectTxSender;
import network.tachi.contracts.deploy.LocalUsdcInstaller;
import network.tachi.evm.Hex;
import network.tachi.evm.Keccak;
import network.tachi.evm.KeystoreKdf;
import network.tachi.evm.KeystoreV3;
import network.tachi.evm.PrivateKey;
import network.tachi.evm.Signer;
import network.tachi.testkit.Anvil;
import network.tachi.testkit.AnvilOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code tachi deploy} to two chains by their RPC alone, with a key from the environment and from a
 * keystore.
 */
class DeployCommandTest {
  private static final PrivateKey ADMIN =
      PrivateKey.of(Keccak.hash("test account admin").toBytes());
  private static final String PASSWORD = "correct horse";

  @TempDir Path state;

  private static void installUsdc(Anvil anvil, ChainSettings chain) {
    Signer issuer = anvil.account("issuer");
    new LocalUsdcInstaller(
            anvil.rpc(),
            chain.chain(),
            new DirectTxSender(anvil.rpc(), chain.chain(), issuer, Duration.ofSeconds(30)),
            (_, _, _) -> {})
        .install(chain.usdc().address(), chain.usdc().name());
  }

  private String deploy(Map<String, String> environment, String... key) throws Exception {
    String somebody = Signer.of(ADMIN).address().toString();
    List<String> arguments =
        new ArrayList<>(List.of("deploy", "--network", "base-sepolia,sepolia"));
    arguments.addAll(List.of(key));
    arguments.addAll(
        List.of(
            "--registrar",
            somebody,
            "--arbiter",
            somebody,
            "--fee-recipient",
            somebody,
            "--signers",
            somebody,
            "--threshold",
            "1",
            "--attestation-key",
            somebody));
    Process process = CommandProcess.start(state, environment, arguments.toArray(String[]::new));
    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    String said = CommandProcess.said(state, "deploy");
    assertThat(process.exitValue()).as(said).isZero();
    return said;
  }

  @Test
  void deploy_shouldNeedOnlyRpcAndKey_andDoNothingTheSecondTime() throws Exception {
    try (Anvil base = Anvil.start(AnvilOptions.BASE);
        Anvil ethereum = Anvil.start(AnvilOptions.ETHEREUM)) {
      Network bare = Network.bare("base-sepolia,sepolia", Map.of());
      installUsdc(base, bare.settlement());
      installUsdc(ethereum, bare.anchor());
      base.account("admin");
      ethereum.account("admin");
      Map<String, String> environment =
          Map.of(
              "TACHI_BASE_SEPOLIA_RPC", base.uri().toString(),
              "TACHI_SEPOLIA_RPC", ethereum.uri().toString(),
              "ADMIN_KEY", Hex.encode(ADMIN.toBytes()),
              "ADMIN_PASSWORD", PASSWORD);

      String first = deploy(environment, "--key", "env:ADMIN_KEY");
      assertThat(first).contains("MeteringLedger").doesNotContain("MeteringLedger at 0x (stands)");
      Network network =
          Network.load("base-sepolia,sepolia", Map.of(), state.resolve("deployments"));
      ChainCheck.run(network.settlement(), base.rpc());
      ChainCheck.run(network.anchor(), ethereum.rpc());

      long blocks = base.rpc().blockNumber();
      Path keystore = state.resolve("admin.json");
      Files.writeString(
          keystore,
          KeystoreV3.write(ADMIN, PASSWORD.toCharArray(), KeystoreKdf.light(), new SecureRandom()));
      String second =
          deploy(
              environment, "--keystore", keystore.toString(), "--password", "env:ADMIN_PASSWORD");
      assertThat(second.lines().filter(line -> line.contains("chain ")).toList())
          .isNotEmpty()
          .allMatch(line -> line.endsWith("(stands)"));
      assertThat(base.rpc().blockNumber()).isEqualTo(blocks);
    }
  }
}
