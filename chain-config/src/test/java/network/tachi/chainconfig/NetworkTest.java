package network.tachi.chainconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {
  private static final String EVERY_KEY =
      """
      chains:
        one:
          chain-id: 84532
          role: settlement
          rpc: ["http://127.0.0.1:1", "ws://127.0.0.1:2", "env:SECRET_RPC"]
          block-time-ms: 200
          max-range: 500
          usdc:
            address: "0x036CbD53842c5426634e7929541eC2318f3dCF7e"
            name: USDC
            version: "2"
          legacy:
            legacy-license: {address: "0x4fA86C0bAD6AB64009445de6EE8462Bc31A4b347", start-block: 7}
            legacy-payments: {address: "0xF09C29E5d3a12c0A766e6Dc65E2cb42CCf080abA", start-block: 8}
            legacy-log: {address: "0x72a604278918abeBa4EE5f2C403b0350920A98ca", start-block: 9}
      """;

  @TempDir Path folder;

  private static List<ChainSettings> parse(String yaml, Map<String, String> environment) {
    return NetworkFile.parse("test.yaml", yaml.getBytes(StandardCharsets.UTF_8), environment);
  }

  @Test
  void everyKey_shouldBeRead() {
    ChainSettings chain =
        parse(EVERY_KEY, Map.of("SECRET_RPC", "https://node.example/v2?key=s3cret")).getFirst();
    assertThat(chain.key()).isEqualTo("one");
    assertThat(chain.chain()).isEqualTo(ChainId.BASE_SEPOLIA);
    assertThat(chain.role()).isEqualTo(ChainRole.SETTLEMENT);
    assertThat(chain.rpc())
        .containsExactly(
            URI.create("http://127.0.0.1:1"), URI.create("https://node.example/v2?key=s3cret"));
    assertThat(chain.heads()).containsExactly(URI.create("ws://127.0.0.1:2"));
    assertThat(chain.blockTime()).isEqualTo(Duration.ofMillis(200));
    assertThat(chain.maxRange()).isEqualTo(500);
    assertThat(chain.usdc())
        .isEqualTo(
            new UsdcConfig(
                Address.parse("0x036CbD53842c5426634e7929541eC2318f3dCF7e"), "USDC", "2"));
    assertThat(chain.contracts())
        .containsExactly(
            new ContractAt(
                ContractName.LEGACY_LICENSE,
                Address.parse("0x4fA86C0bAD6AB64009445de6EE8462Bc31A4b347"),
                7),
            new ContractAt(
                ContractName.LEGACY_PAYMENTS,
                Address.parse("0xF09C29E5d3a12c0A766e6Dc65E2cb42CCf080abA"),
                8),
            new ContractAt(
                ContractName.LEGACY_LOG,
                Address.parse("0x72a604278918abeBa4EE5f2C403b0350920A98ca"),
                9));
    assertThat(chain.toString()).doesNotContain("s3cret");
  }

  @ParameterizedTest
  @CsvSource({
    "TACHI_ONE_CHAIN_ID, 1, chain-id: 84532",
    "TACHI_ONE_ROLE, anchor, role: settlement",
    "TACHI_ONE_RPC, http://127.0.0.1:2, 'rpc: [\"http://127.0.0.1:1\", \"ws://127.0.0.1:2\","
        + " \"env:SECRET_RPC\"]'",
    "TACHI_ONE_BLOCK_TIME_MS, 12000, block-time-ms: 200",
    "TACHI_ONE_MAX_RANGE, 10, max-range: 500",
    "TACHI_ONE_USDC_ADDRESS, 0x1c7D4B196Cb0C7B01d743Fbc6116a902379C7238, 'address:"
        + " \"0x036CbD53842c5426634e7929541eC2318f3dCF7e\"'",
    "TACHI_ONE_USDC_NAME, USD Coin, name: USDC",
    "TACHI_ONE_USDC_VERSION, 3, 'version: \"2\"'"
  })
  void variable_shouldBeatTheFile(String variable, String value, String line) {
    String key = line.substring(0, line.indexOf(':'));
    String changed =
        EVERY_KEY.replace(
            line, key + ": " + (key.equals("rpc") ? "[\"" + value + "\"]" : "\"" + value + "\""));
    Map<String, String> secret = Map.of("SECRET_RPC", "https://node.example/v2");
    assertThat(changed).isNotEqualTo(EVERY_KEY);
    assertThat(parse(EVERY_KEY, Map.of(variable, value, "SECRET_RPC", "https://node.example/v2")))
        .isEqualTo(parse(changed, secret));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "chain-id: 84532 | chain-id: x | chains.one.chain-id | whole number",
        "chain-id: 84532 | chain-id: 0 | chains.one.chain-id | from 1",
        "role: settlement | role: both | chains.one.role | one of settlement, anchor",
        "block-time-ms: 200 | block-time-ms: -1 | chains.one.block-time-ms | whole number",
        "max-range: 500 | max-rang: 500 | chains.one.max-range | missing",
        "name: USDC | name: USDC, nam: x | chains.one.usdc.nam | did you mean name",
        "version: \"2\" | versio: \"2\" | chains.one.usdc.version | missing",
        "http://127.0.0.1:1 | ftp://127.0.0.1:1 | chains.one.rpc | http or https",
        "http://127.0.0.1:1 | wss://node.example/?key=abc | chains.one.rpc | env:NAME or file:PATH",
        "http://127.0.0.1:1 | https://me:pass@node.example | chains.one.rpc | env:NAME or"
            + " file:PATH",
        "http://127.0.0.1:1 | https://node.example/?key=abc | chains.one.rpc | env:NAME or"
            + " file:PATH",
        "0x036CbD53842c5426634e7929541eC2318f3dCF7e | 0x036cbD53842c5426634e7929541eC2318f3dCF7e |"
            + " chains.one.usdc.address | checksum",
        "start-block: 7 | start-block: -7 | chains.one.legacy.legacy-license.start-block | whole"
            + " number",
        "legacy-log | legacy-lag | chains.one.legacy.legacy-lag | did you mean legacy-l",
        "max-range: 500 | max-range: 500, surprise: 1 | chains.one.surprise | no such key"
      })
  void wrongFile_shouldNameKeyAndExpectation(
      String line, String wrong, String key, String expectation) {
    String yaml =
        EVERY_KEY.replace(
            line,
            wrong.contains(", ") && !wrong.contains("://")
                ? wrong.replace(", ", "\n" + indent(line))
                : wrong);
    assertThat(yaml).isNotEqualTo(EVERY_KEY);
    assertThatThrownBy(() -> parse(yaml, Map.of("SECRET_RPC", "https://node.example/v2")))
        .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.key()).isEqualTo(key))
        .hasMessageContaining(expectation)
        .hasMessageContaining("test.yaml");
  }

  private static String indent(String line) {
    String before = EVERY_KEY.substring(0, EVERY_KEY.indexOf(line));
    return before.substring(before.lastIndexOf('\n') + 1);
  }

  @Test
  void unknownVariable_shouldBeRefusedWithASuggestion() {
    assertThatThrownBy(() -> Network.load("base", Map.of("TACHI_BASE_RPCS", "http://x"), folder))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("TACHI_BASE_RPCS: is no such variable; did you mean TACHI_BASE_RPC?");
  }

  @Test
  void variableOfAnotherChain_shouldBeLeftAlone() {
    Map<String, String> environment =
        Map.of("TACHI_BASE_SEPOLIA_RPC", "http://127.0.0.1:1", "TACHI_HOME", "/somewhere");

    assertThat(Network.load("base", environment, folder))
        .isEqualTo(Network.load("base", Map.of(), folder));
    assertThat(Network.load("base-sepolia", environment, folder).settlement().rpc())
        .containsExactly(URI.create("http://127.0.0.1:1"));
  }

  @Test
  void endpoints_shouldBeSortedByWhatTheyAreFor() {
    String both = "wss://a.example/x,https://b.example,env:SECRET_RPC";
    ChainSettings chain =
        parse(EVERY_KEY, Map.of("TACHI_ONE_RPC", both, "SECRET_RPC", "wss://c.example/?key=s3cret"))
            .getFirst();
    assertThat(chain.rpc()).containsExactly(URI.create("https://b.example"));
    assertThat(chain.heads())
        .containsExactly(
            URI.create("wss://a.example/x"), URI.create("wss://c.example/?key=s3cret"));
    assertThat(chain.toString()).doesNotContain("s3cret");
    Network network = Network.load("local", Map.of(), folder);
    List<URI> rpc = List.of(URI.create("ws://127.0.0.1:7"), URI.create("http://127.0.0.1:7"));
    assertThat(network.withRpc("local-base", rpc).settlement().heads())
        .containsExactly(URI.create("ws://127.0.0.1:7"));
    assertThat(network.withRpc("local-base", rpc).anchor()).isEqualTo(network.anchor());
  }

  @Test
  void onlyEndpointsForHeads_shouldBeRefused() {
    assertThatThrownBy(() -> parse(EVERY_KEY, Map.of("TACHI_ONE_RPC", "ws://127.0.0.1:2")))
        .isInstanceOfSatisfying(
            ConfigException.class, e -> assertThat(e.key()).isEqualTo("chains.one.rpc"))
        .hasMessageContaining("at least one http or https URL");
  }

  @Test
  void listOfChains_shouldBeThatOfTheFiles() {
    assertThat(NetworkFile.CHAINS)
        .containsExactlyInAnyOrderElementsOf(
            Network.NAMES.stream()
                .flatMap(name -> Network.load(name, Map.of(), folder).chains().stream())
                .map(ChainSettings::key)
                .toList());
  }

  @Test
  void missingSecret_shouldNameTheVariable() {
    assertThatThrownBy(() -> parse(EVERY_KEY, Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("SECRET_RPC");
  }

  @Test
  void literalSecret_shouldBeRefusedWithoutRepeatingIt() {
    assertThatThrownBy(() -> Secret.read("0xdeadbeef", "oracle.key", Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("oracle.key")
        .hasMessageNotContaining("deadbeef");
  }

  @Test
  void fileSecret_shouldBeRead() throws Exception {
    Path file = Files.writeString(folder.resolve("key"), "  value\n");
    assertThat(Secret.read("file:" + file, "k", Map.of())).isEqualTo("value");
    assertThatThrownBy(() -> Secret.read("file:" + folder.resolve("none"), "k", Map.of()))
        .hasMessageContaining("none");
  }

  @ParameterizedTest
  @CsvSource({
    "base, 8453, SETTLEMENT, 0x02fa7265e7c5d81118673727957699e4d68f74cd74b7db77da710fe8a2c7834f, 3",
    "base-sepolia, 84532, SETTLEMENT,"
        + " 0x71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818, 0",
    "ethereum, 1, ANCHOR, 0x06c37168a7db5138defc7866392bb87a741f9b3d104deb5094588ce041cae335, 0",
    "sepolia, 11155111, ANCHOR, 0xb90e5057db141a932946e64d09ccb7ffc9b00bd79fec26f698d29af0c83320a6,"
        + " 0"
  })
  void ownNetwork_shouldHaveItsChain(
      String name, long id, ChainRole role, String separator, int legacy) {
    ChainSettings chain = Network.load(name, Map.of(), folder).chain(role);
    assertThat(chain.chain()).isEqualTo(ChainId.of(id));
    assertThat(chain.usdc().domainSeparator(chain.chain())).isEqualTo(Hash.parse(separator));
    assertThat(chain.contracts()).hasSize(legacy);
  }

  @Test
  void severalNetworks_shouldBeOne() {
    Network network = Network.load("base,ethereum", Map.of(), folder);
    assertThat(network.settlement().chain()).isEqualTo(ChainId.BASE);
    assertThat(network.anchor().chain()).isEqualTo(ChainId.ETHEREUM);
  }

  @Test
  void unknownNetwork_shouldBeRefusedWithASuggestion() {
    assertThatThrownBy(() -> Network.load("bas", Map.of(), folder))
        .hasMessageContaining("did you mean base?");
  }

  @Test
  void deployment_shouldRoundTripAndAddItsContracts() {
    Address license = Address.parse("0x4fA86C0bAD6AB64009445de6EE8462Bc31A4b347");
    Deployment deployment =
        new Deployment(
            "local",
            Hash.ofUint(5),
            Map.of(
                ChainId.BASE_SEPOLIA,
                List.of(new ContractAt(ContractName.CRAWL_LICENSE, license, 3))));
    deployment.write(Network.deploymentFile(folder, "local"));
    Network network = Network.load("local", Map.of(), folder);
    assertThat(Deployment.read(folder.resolve("local.yaml"))).isEqualTo(deployment);
    assertThat(network.deploymentId()).isEqualTo(Optional.of(Hash.ofUint(5)));
    assertThat(network.settlement().address(ContractName.CRAWL_LICENSE)).isEqualTo(license);
    assertThatThrownBy(() -> network.anchor().address(ContractName.HEADER_ANCHOR))
        .hasMessageContaining("./tachi deploy");
    assertThatThrownBy(() -> Network.load("base", Map.of(), folder).with(deployment))
        .hasMessageContaining("network");
  }
}
