package network.tachi.contracts.wire;

import static network.tachi.contracts.wire.WireVectors.address;
import static network.tachi.contracts.wire.WireVectors.at;
import static network.tachi.contracts.wire.WireVectors.bytes;
import static network.tachi.contracts.wire.WireVectors.chain;
import static network.tachi.contracts.wire.WireVectors.hash;
import static network.tachi.contracts.wire.WireVectors.items;
import static network.tachi.contracts.wire.WireVectors.license;
import static network.tachi.contracts.wire.WireVectors.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.TreeMap;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class WireIdsTest {
  static Iterable<JsonNode> domains() {
    return items("domains").toList();
  }

  @Test
  void deploymentIds_shouldEqualVectors() {
    assertThat(items("ids", "deploymentId"))
        .isNotEmpty()
        .allSatisfy(v ->
            assertThat(
                    WireIds.deploymentId(
                        chain(v, "settlementChainId"), address(v, "meteringLedger")))
                .isEqualTo(hash(v, "id")));
  }

  @Test
  void domainHashes_shouldEqualVectors() {
    assertThat(items("ids", "domainHash"))
        .isNotEmpty()
        .allSatisfy(
            v -> assertThat(WireIds.domainHash(text(v, "domain"))).isEqualTo(hash(v, "id")));
  }

  @Test
  void paymentIds_shouldEqualVectors() {
    assertThat(items("ids", "paymentId"))
        .isNotEmpty()
        .allSatisfy(v ->
            assertThat(
                    WireIds.paymentId(
                        chain(v, "chainId"),
                        address(v, "source"),
                        address(v, "from"),
                        hash(v, "nonce")))
                .isEqualTo(hash(v, "id")));
  }

  @Test
  void requestIds_shouldEqualVectors() {
    assertThat(items("ids", "requestId"))
        .isNotEmpty()
        .allSatisfy(v ->
            assertThat(
                    WireIds.requestId(
                        license(v, "licenseId"), address(v, "crawler"), hash(v, "random")))
                .isEqualTo(hash(v, "id")));
  }

  @Test
  void demandIds_shouldEqualVectors() {
    assertThat(items("ids", "demandId"))
        .hasSize(12)
        .allSatisfy(v ->
            assertThat(
                    WireIds.demandId(
                        hash(v, "headerHash"),
                        Integer.parseInt(text(v, "kind")),
                        bytes(v, "subject")))
                .isEqualTo(hash(v, "id")));
  }

  @Test
  void contentIds_shouldEqualVectors() {
    assertThat(items("ids", "contentId"))
        .isNotEmpty()
        .allSatisfy(v ->
            assertThat(WireIds.contentId(hash(v, "salt"), text(v, "url")))
                .isEqualTo(hash(v, "id")));
  }

  @Test
  void termsHashes_shouldBeKeccakOfCanonicalText() {
    assertThat(items("ids", "termsHash"))
        .isNotEmpty()
        .allSatisfy(v -> assertThat(Keccak.hash(text(v, "canonical"))).isEqualTo(hash(v, "id")));
  }

  @Test
  void vaults_shouldEqualVectors() {
    assertThat(items("ids", "vault"))
        .isNotEmpty()
        .allSatisfy(v -> {
          assertThat(WireIds.vaultSalt(chain(v, "chainId"), license(v, "licenseId")))
              .isEqualTo(hash(v, "salt"));
          assertThat(
                  WireIds.vaultAddress(
                      address(v, "paymentProcessor"),
                      chain(v, "chainId"),
                      license(v, "licenseId"),
                      hash(v, "initCodeHash")))
              .isEqualTo(address(v, "address"));
        });
  }

  @Test
  void rulesHashes_shouldEqualThoseOfHeaders() {
    assertThat(items("headers"))
        .allSatisfy(v -> {
          TreeMap<LicenseId, Hash> policies = new TreeMap<>();
          v.required("policies")
              .forEach(p -> policies.put(license(p, "licenseId"), hash(p, "policyHash")));
          assertThat(WireIds.rulesHash(policies)).isEqualTo(hash(v.required("body"), "rulesHash"));
        });
  }

  @Test
  void none_shouldBeAllBits() {
    assertThat(Long.toUnsignedString(WireIds.NONE)).isEqualTo(text(at("constants"), "NONE"));
  }

  @ParameterizedTest
  @MethodSource("domains")
  void separators_shouldEqualVectors(JsonNode v) {
    WireDomain domain =
        switch (text(v, "domain")) {
          case "credit" -> WireDomain.credit(chain(v, "chainId"), address(v, "verifyingContract"));
          case "metering" ->
              WireDomain.metering(chain(v, "chainId"), address(v, "verifyingContract"));
          case "license" ->
              WireDomain.license(chain(v, "chainId"), address(v, "verifyingContract"));
          default -> WireDomain.header(hash(v, "salt"));
        };
    assertThat(domain.separator()).isEqualTo(hash(v, "separator"));
  }
}
