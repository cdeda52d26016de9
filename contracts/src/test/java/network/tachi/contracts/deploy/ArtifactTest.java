package network.tachi.contracts.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import network.tachi.contracts.event.ContractKind;
import network.tachi.contracts.wire.WireVectors;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.RevertReason;
import network.tachi.evm.Selector;
import org.junit.jupiter.api.Test;

class ArtifactTest {
  private static final int MAX_CODE = 24_576;
  private static final int MAX_INIT_CODE = 2 * MAX_CODE;

  private static List<String> signatures(String contract, String kind) {
    return Artifact.load(contract).signatures().getOrDefault(kind, List.of());
  }

  private static Stream<Hash> topics(String... contracts) {
    return Stream.of(contracts)
        .flatMap(name -> signatures(name, "events").stream())
        .map(Keccak::hash);
  }

  @Test
  void compiledContracts_shouldEmitTheEventsOfTheLaw() {
    assertThat(topics(Contracts.CRAWL_LICENSE)).containsAll(ContractKind.CRAWL_LICENSE.topics());
    assertThat(topics(Contracts.PAYMENT_PROCESSOR))
        .containsAll(ContractKind.PAYMENT_PROCESSOR.topics());
    assertThat(topics(Contracts.DISPUTE_RESOLVER))
        .containsAll(ContractKind.DISPUTE_RESOLVER.topics());
    assertThat(topics(Contracts.CREDIT_ESCROW)).containsAll(ContractKind.CREDIT_ESCROW.topics());
    assertThat(
            topics(
                Contracts.METERING_LEDGER,
                Contracts.LEDGER_CHALLENGES,
                Contracts.DEMAND_CHALLENGES,
                Contracts.LOST_BONDS))
        .containsAll(ContractKind.METERING_LEDGER.topics());
    assertThat(topics(Contracts.HEADER_ANCHOR)).containsAll(ContractKind.HEADER_ANCHOR.topics());
  }

  @Test
  void compiledLedger_shouldHaveTheChallengesOfTheLaw() {
    Map<String, String> bySelector =
        Stream.of(
                Contracts.LEDGER_CHALLENGES,
                Contracts.SETTLEMENT_CHALLENGES,
                Contracts.DEMAND_CHALLENGES,
                Contracts.LOST_BONDS)
            .flatMap(name -> signatures(name, "functions").stream())
            .distinct()
            .collect(
                Collectors.toMap(
                    signature -> Selector.of(signature).toString(), signature -> signature));
    assertThat(WireVectors.items("selectors"))
        .hasSizeGreaterThan(26)
        .allSatisfy(v -> assertThat(bySelector).containsKey(WireVectors.text(v, "selector")));
  }

  @Test
  void compiledContracts_shouldFitTheChain() {
    for (String name : Contracts.ALL) {
      Artifact artifact = Artifact.load(name);
      assertThat(artifact.runtime().size()).as(name).isBetween(1, MAX_CODE);
      assertThat(artifact.creation().size()).as(name).isBetween(1, MAX_INIT_CODE - 1024);
    }
  }

  @Test
  void runtimeWithImmutables_shouldBeRecognised() {
    Artifact artifact = Artifact.load(Contracts.CRAWL_LICENSE);
    byte[] code = artifact.runtime().toArray();
    assertThat(artifact.immutables()).isNotEmpty();
    code[artifact.immutables().getFirst() + 31] = 7;
    assertThat(artifact.isRuntime(Bytes.of(code))).isTrue();
    code[0] ^= 1;
    assertThat(artifact.isRuntime(Bytes.of(code))).isFalse();
    assertThat(artifact.isRuntime(Bytes.EMPTY)).isFalse();
  }

  @Test
  void customErrors_shouldBeNamed() {
    Bytes data = Bytes.wrap(Selector.of("NoLie()").toBytes());
    assertThat(ContractErrors.describe(RevertReason.decode(data))).startsWith("NoLie()");
    assertThat(ContractErrors.describe(RevertReason.decode(Bytes.parse("0x12345678"))))
        .contains("0x12345678");
    assertThat(ContractErrors.describe(RevertReason.decode(Bytes.EMPTY)))
        .isEqualTo("no reason given");
  }

  @Test
  void unknownContract_shouldBeRefused() {
    assertThatThrownBy(() -> Artifact.load("Nothing")).isInstanceOf(DeploymentException.class);
  }
}
