package network.tachi.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.Network;
import network.tachi.contracts.deploy.DirectTxSender;
import network.tachi.contracts.deploy.Handover;
import network.tachi.contracts.deploy.LocalUsdcInstaller;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hex;
import network.tachi.evm.Keccak;
import network.tachi.evm.PrivateKey;
import network.tachi.evm.Signer;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.testkit.Anvil;
import network.tachi.testkit.AnvilOptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code tachi deploy} to chains with each public chain id, killed half way and started again. */
class ResumedDeploymentTest {
  private static final PrivateKey ADMIN = key("admin");
  private static final String OWNER = address("multisig");

  @TempDir Path state;

  private static PrivateKey key(String name) {
    return PrivateKey.of(Keccak.hash("test account " + name).toBytes());
  }

  private static String address(String name) {
    return Signer.of(key(name)).address().toString();
  }

  private static void prepare(Anvil anvil, ChainSettings chain) {
    new LocalUsdcInstaller(
            anvil.rpc(),
            chain.chain(),
            new DirectTxSender(
                anvil.rpc(), chain.chain(), anvil.account("issuer"), Duration.ofSeconds(30)),
            (_, _, _) -> {})
        .install(chain.usdc().address(), chain.usdc().name());
    anvil.account("admin");
    // The first Tachi's contracts stand on Base.
    chain.contracts().forEach(each -> anvil.setCode(each.address(), Bytes.parse("0x00")));
    anvil.setCode(Address.parse(OWNER), Bytes.parse("0x00"));
  }

  private static List<String> arguments(String network, String... more) {
    List<String> arguments = new ArrayList<>(List.of("deploy", "--network", network));
    arguments.addAll(List.of("--owner", OWNER));
    arguments.addAll(List.of("--registrar", address("registrar")));
    arguments.addAll(List.of("--arbiter", address("arbiter")));
    arguments.addAll(List.of("--fee-recipient", address("treasury")));
    arguments.addAll(
        List.of(
            "--signers",
            String.join(",", address("root 0"), address("root 1"), address("root 2"))));
    arguments.addAll(List.of("--attestation-key", address("attestation")));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private Process start(Map<String, String> environment, List<String> arguments) throws Exception {
    return CommandProcess.start(state, environment, arguments.toArray(String[]::new));
  }

  private String run(int exit, Map<String, String> environment, List<String> arguments)
      throws Exception {
    Process process = start(environment, arguments);
    assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
    String said = CommandProcess.said(state, "deploy");
    assertThat(process.exitValue()).as(said).isEqualTo(exit);
    return said;
  }

  private void killAfter(String step, Map<String, String> environment, List<String> arguments)
      throws Exception {
    Process process = start(environment, arguments);
    try {
      while (!CommandProcess.said(state, "deploy").contains(step)) {
        assertThat(process.waitFor(20, TimeUnit.MILLISECONDS))
            .as(CommandProcess.said(state, "deploy"))
            .isFalse();
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(CommandProcess.said(state, "deploy")).doesNotContain("Addresses:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"base,ethereum", "base-sepolia,sepolia"})
  void killedDeployment_shouldGoOnWhereItStopped(String name) throws Exception {
    Network network = Network.bare(name, Map.of());
    try (Anvil base = Anvil.start(new AnvilOptions(network.settlement().chain(), 32, 0, true));
        Anvil ethereum = Anvil.start(new AnvilOptions(network.anchor().chain(), 2, 0, true))) {
      prepare(base, network.settlement());
      prepare(ethereum, network.anchor());
      Map<String, String> environment =
          Map.of(
              variable(network.settlement()),
              base.uri().toString(),
              variable(network.anchor()),
              ethereum.uri().toString(),
              "ADMIN_KEY",
              Hex.encode(ADMIN.toBytes()));
      List<String> deploy = arguments(name, "--key", "env:ADMIN_KEY");

      long head = base.rpc().blockNumber();
      String price = run(0, environment, arguments(name, "--dry-run", "--admin", address("admin")));
      assertThat(price).contains("MeteringLedger at", "in all", "gwei", "Nothing was sent.");
      assertThat(run(1, environment, arguments(name, "--check", "--admin", address("admin"))))
          .contains("found no code");
      assertThat(base.rpc().blockNumber()).isEqualTo(head);

      killAfter("PaymentProcessor at", environment, deploy);
      killAfter("CreditEscrow at", environment, deploy);
      String resumed = run(0, environment, deploy);
      assertThat(resumed)
          .containsPattern("PaymentProcessor at 0x[0-9a-fA-F]{40} \\(stands\\)")
          .contains("MeteringLedger is proposed to " + OWNER)
          .contains("must still accept", Handover.ACCEPT.toString())
          .contains(" 0 wrong");
      long nonce = base.rpc().transactionCount(Address.parse(address("admin")), BlockTag.LATEST);

      String again = run(0, environment, deploy);
      assertThat(again.lines().filter(line -> line.contains(" s  chain ")))
          .isNotEmpty()
          .allMatch(line -> line.endsWith("(stands)"));
      assertThat(base.rpc().transactionCount(Address.parse(address("admin")), BlockTag.LATEST))
          .isEqualTo(nonce);

      String one = name.substring(0, name.indexOf(','));
      assertThat(run(0, environment, arguments(one, "--check", "--admin", address("admin"))))
          .startsWith(one + ": read back")
          .containsOnlyOnce("read back");
    }
  }

  private static String variable(ChainSettings chain) {
    return "TACHI_" + chain.key().toUpperCase(Locale.ROOT).replace('-', '_') + "_RPC";
  }
}
