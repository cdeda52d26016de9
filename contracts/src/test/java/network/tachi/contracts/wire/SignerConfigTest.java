package network.tachi.contracts.wire;

import static network.tachi.contracts.wire.WireVectors.at;
import static network.tachi.contracts.wire.WireVectors.bytes;
import static network.tachi.contracts.wire.WireVectors.config;
import static network.tachi.contracts.wire.WireVectors.flip;
import static network.tachi.contracts.wire.WireVectors.hash;
import static network.tachi.contracts.wire.WireVectors.items;
import static network.tachi.contracts.wire.WireVectors.key;
import static network.tachi.contracts.wire.WireVectors.uint64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.Secp256k1;
import network.tachi.evm.Signature;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SignerConfigTest {
  private static final Secp256k1 CURVE = Secp256k1.best();

  @Test
  void digests_shouldEqualVectors() {
    assertThat(items("configs"))
        .hasSizeGreaterThan(3)
        .allSatisfy(v ->
            assertThat(config(v).digest(hash(v, "deploymentId")))
                .isEqualTo(hash(v, "configDigest")));
  }

  @Test
  void badConfigs_shouldBeRefused() {
    SignerConfig good = config(at("configs").get(0));
    List<Address> swapped = List.of(good.signers().get(1), good.signers().get(0));
    List<Address> twice = List.of(good.signers().get(0), good.signers().get(0));
    assertRefused(1, List.of());
    assertRefused(0, good.signers());
    assertRefused(4, good.signers());
    assertRefused(1, swapped);
    assertRefused(1, twice);
  }

  private static void assertRefused(int threshold, List<Address> signers) {
    assertThatThrownBy(() -> new SignerConfig(1, threshold, signers, Address.ZERO))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void quorums_shouldVerifyAndBeRebuilt() {
    for (JsonNode v : at("headers")) {
      EpochHeader header = WireVectors.header(v.required("header"));
      assertThat(WireVectors.body(v.required("body")).structHash()).isEqualTo(header.bodyHash());
      assertThat(header.structHash()).isEqualTo(hash(v, "headerHash"));
      Hash digest = header.digest(WireVectors.header());
      assertThat(digest).isEqualTo(hash(v, "digest"));
      SignerConfig config = configOf(v);
      for (JsonNode q : v.required("quorums")) {
        QuorumSignature quorum = quorum(q);
        assertThat(quorum.verify(config, digest, CURVE)).isTrue();
        assertThat(QuorumSignature.of(config, signatures(config, quorum.bitmap(), digest)))
            .isEqualTo(quorum);
        assertThat(quorum.verify(config, flip(digest, 17), CURVE)).isFalse();
      }
    }
  }

  @Test
  void quorumWithChangedBit_shouldBeRefused() {
    JsonNode v = at("headers").get(0);
    SignerConfig config = configOf(v);
    Hash digest = hash(v, "digest");
    QuorumSignature good = quorum(v.required("quorums").get(1));
    for (int bit = 0; bit < good.signatures().size() * 8; bit += 7) {
      byte[] changed = good.signatures().toArray();
      changed[bit >> 3] ^= (byte) (1 << (bit & 7));
      assertThat(
              new QuorumSignature(good.bitmap(), Bytes.wrap(changed)).verify(config, digest, CURVE))
          .as("bit %s", bit)
          .isFalse();
    }
    for (int bitmap : new int[] {0b011, 0b110, 0b1001, 0x80000001}) {
      assertThat(new QuorumSignature(bitmap, good.signatures()).verify(config, digest, CURVE))
          .isFalse();
    }
    assertThatThrownBy(() -> new QuorumSignature(0b111, good.signatures()))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void fewerThanThreshold_shouldBeRefused() {
    JsonNode v = at("headers").get(0);
    SignerConfig config = configOf(v);
    Hash digest = hash(v, "digest");
    Map<Address, Signature> one = signatures(config, 0b010, digest);
    assertThatThrownBy(() -> QuorumSignature.of(config, one))
        .isInstanceOf(InvalidValueException.class);
    byte[] compact = one.values().iterator().next().toCompact();
    assertThat(new QuorumSignature(0b010, Bytes.of(compact)).verify(config, digest, CURVE))
        .isFalse();
  }

  private static QuorumSignature quorum(JsonNode q) {
    return new QuorumSignature(q.required("bitmap").asInt(), bytes(q, "signatures"));
  }

  private static SignerConfig configOf(JsonNode v) {
    return config(at("configs").get((int) uint64(v, "configVersion") - 1));
  }

  private static Map<Address, Signature> signatures(SignerConfig config, int bitmap, Hash digest) {
    Map<Address, Signature> all = new HashMap<>();
    for (int i = 0; i < config.signers().size(); i++) {
      if ((bitmap >> i & 1) == 1) {
        Address signer = config.signers().get(i);
        all.put(signer, CURVE.sign(digest, key(signer.toLowerCaseString())));
      }
    }
    return all;
  }
}
