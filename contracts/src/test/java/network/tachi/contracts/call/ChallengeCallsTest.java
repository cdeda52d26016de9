package network.tachi.contracts.call;

import static network.tachi.contracts.wire.WireVectors.at;
import static network.tachi.contracts.wire.WireVectors.attestation;
import static network.tachi.contracts.wire.WireVectors.bytes;
import static network.tachi.contracts.wire.WireVectors.header;
import static org.assertj.core.api.Assertions.assertThat;

import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.LogProof;
import network.tachi.contracts.wire.QuorumSignature;
import network.tachi.contracts.wire.WireVectors;
import network.tachi.evm.Bytes;
import network.tachi.evm.Signature;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ChallengeCallsTest {
  private static JsonNode vector(int index, String name) {
    JsonNode v = at("challenges").get(index);
    assertThat(WireVectors.text(v, "name")).isEqualTo(name);
    return v;
  }

  private static QuorumSignature quorum(JsonNode args, int bitmapAt) {
    return new QuorumSignature(
        args.get(bitmapAt).asInt(), Bytes.parse(args.get(bitmapAt + 1).asString()));
  }

  private static Committed committed(JsonNode v) {
    return new Committed(header(v.required("header")), WireVectors.body(v.required("body")));
  }

  private static LogProof proof(JsonNode v) {
    return new LogProof(
        attestation(v.required("leaf")),
        WireVectors.uint64(v, "index"),
        WireVectors.hashes(v, "path"));
  }

  @Test
  void twoAttestations_shouldBeEncodedAsViemDoes() {
    JsonNode v = vector(0, "challengeAttestations");
    JsonNode args = v.required("args");
    assertThat(
            MeteringLedgerCalls.challengeAttestations(
                attestation(args.get(0)),
                Signature.parse(args.get(1).asString()),
                attestation(args.get(2)),
                Signature.parse(args.get(3).asString())))
        .isEqualTo(bytes(v, "calldata"));
  }

  @Test
  void twoHeaders_shouldBeEncodedAsViemDoes() {
    JsonNode v = vector(1, "challengeHeaders");
    JsonNode args = v.required("args");
    assertThat(
            MeteringLedgerCalls.challengeHeaders(
                header(args.get(0)), quorum(args, 1), header(args.get(3)), quorum(args, 4), 1))
        .isEqualTo(bytes(v, "calldata"));
  }

  @Test
  void pairChain_shouldBeEncodedAsViemDoes() {
    JsonNode v = vector(2, "challengePairChain");
    JsonNode args = v.required("args");
    LogProof leaf = proof(args.get(1));
    assertThat(
            MeteringLedgerCalls.challengePairChain(
                committed(args.get(0)), leaf, proof(args.get(2))))
        .isEqualTo(bytes(v, "calldata"));
    assertThat(leaf.in(committed(args.get(0)).body())).isTrue();
  }

  @Test
  void pairChainWithoutPrevious_shouldBeEncodedAsViemDoes() {
    JsonNode v = vector(3, "challengePairChain");
    JsonNode args = v.required("args");
    assertThat(MeteringLedgerCalls.challengePairChain(committed(args.get(0)), proof(args.get(1))))
        .isEqualTo(bytes(v, "calldata"));
  }
}
