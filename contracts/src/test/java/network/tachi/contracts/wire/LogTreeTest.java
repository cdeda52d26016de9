package network.tachi.contracts.wire;

import static network.tachi.contracts.wire.WireVectors.at;
import static network.tachi.contracts.wire.WireVectors.flip;
import static network.tachi.contracts.wire.WireVectors.hash;
import static network.tachi.contracts.wire.WireVectors.hashes;
import static network.tachi.contracts.wire.WireVectors.items;
import static network.tachi.contracts.wire.WireVectors.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import network.tachi.evm.Hash;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.Keccak;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class LogTreeTest {
  private static final int LONGEST = 1000;
  private static final MemoryLog LOG = new MemoryLog();

  static Hash leaf(long i) {
    return LogTree.leafHash(Keccak.hash(Hash.ofUint(i).toBytes()));
  }

  @BeforeAll
  static void fill() {
    for (int i = 0; i < LONGEST; i++) {
      LOG.append(leaf(i));
    }
  }

  static Iterable<JsonNode> trees() {
    return items("logTree", "trees").toList();
  }

  @ParameterizedTest
  @MethodSource("trees")
  void roots_shouldEqualVectors(JsonNode v) {
    long size = v.required("size").asLong();
    LogNodes slow = LogNodes.ofLeaves(LogTreeTest::leaf);
    assertThat(LogTree.root(slow, size)).isEqualTo(hash(v, "root"));
    assertThat(LOG.root(size)).isEqualTo(hash(v, "root"));
    assertThat(LogFrontier.at(slow, size).root()).isEqualTo(hash(v, "root"));
  }

  @ParameterizedTest
  @MethodSource("trees")
  void inclusionProofs_shouldEqualVectorsAndVerify(JsonNode v) {
    long size = v.required("size").asLong();
    Hash root = hash(v, "root");
    for (JsonNode p : v.required("inclusion")) {
      long index = p.required("index").asLong();
      List<Hash> path = hashes(p, "path");
      assertThat(LOG.inclusionProof(index, size)).isEqualTo(path);
      assertThat(LogTree.verifyInclusion(leaf(index), index, size, path, root)).isTrue();
      assertInclusionIsExact(leaf(index), index, size, path, root);
    }
  }

  private static void assertInclusionIsExact(
      Hash leaf, long index, long size, List<Hash> path, Hash root) {
    assertThat(LogTree.verifyInclusion(flip(leaf, 5), index, size, path, root)).isFalse();
    assertThat(LogTree.verifyInclusion(leaf, index, size, path, flip(root, 200))).isFalse();
    assertThat(LogTree.verifyInclusion(leaf, index + 1, size, path, root)).isFalse();
    assertThat(LogTree.verifyInclusion(leaf, index - 1, size, path, root)).isFalse();
    assertThat(LogTree.verifyInclusion(leaf, size, size, path, root)).isFalse();
    List<Hash> longer = new ArrayList<>(path);
    longer.add(root);
    assertThat(LogTree.verifyInclusion(leaf, index, size, longer, root)).isFalse();
    for (int i = 0; i < path.size(); i++) {
      assertThat(
              LogTree.verifyInclusion(leaf, index, size, with(path, i, flip(path.get(i), i)), root))
          .isFalse();
      List<Hash> shorter = new ArrayList<>(path);
      shorter.remove(i);
      assertThat(LogTree.verifyInclusion(leaf, index, size, shorter, root)).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("trees")
  void consistencyProofs_shouldEqualVectorsAndVerify(JsonNode v) {
    long size = v.required("size").asLong();
    Hash root = hash(v, "root");
    for (JsonNode p : v.required("consistency")) {
      long first = p.required("first").asLong();
      List<Hash> path = hashes(p, "path");
      Hash firstRoot = LOG.root(first);
      assertThat(LOG.consistencyProof(first, size)).isEqualTo(path);
      assertThat(LogTree.verifyConsistency(first, firstRoot, size, root, path)).isTrue();
      assertConsistencyIsExact(first, firstRoot, size, root, path);
    }
  }

  private static void assertConsistencyIsExact(
      long first, Hash firstRoot, long size, Hash root, List<Hash> path) {
    assertThat(LogTree.verifyConsistency(first, flip(firstRoot, 9), size, root, path)).isFalse();
    if (first > 0) {
      assertThat(LogTree.verifyConsistency(first, firstRoot, size, flip(root, 77), path)).isFalse();
    }
    assertThat(LogTree.verifyConsistency(size + 1, firstRoot, size, root, path)).isFalse();
    List<Hash> longer = new ArrayList<>(path);
    longer.add(root);
    assertThat(LogTree.verifyConsistency(first, firstRoot, size, root, longer)).isFalse();
    for (int i = 0; i < path.size(); i++) {
      assertThat(
              LogTree.verifyConsistency(
                  first, firstRoot, size, root, with(path, i, flip(path.get(i), i))))
          .isFalse();
      List<Hash> shorter = new ArrayList<>(path);
      shorter.remove(i);
      assertThat(LogTree.verifyConsistency(first, firstRoot, size, root, shorter)).isFalse();
    }
  }

  @Test
  void everyBitOfAProof_shouldMatter() {
    JsonNode v = at("logTree", "trees").get(20);
    long size = v.required("size").asLong();
    JsonNode p = v.required("inclusion").get(11);
    List<Hash> path = hashes(p, "path");
    for (int i = 0; i < path.size(); i++) {
      for (int bit = 0; bit < 256; bit++) {
        List<Hash> changed = with(path, i, flip(path.get(i), bit));
        assertThat(LogTree.verifyInclusion(leaf(11), 11, size, changed, hash(v, "root"))).isFalse();
      }
    }
  }

  @Test
  void frontier_shouldGrowAndBeRestoredAtEverySize() {
    LogFrontier frontier = new LogFrontier();
    for (int size = 0; size < 300; size++) {
      assertThat(frontier.root()).isEqualTo(LOG.root(size));
      LogFrontier restored = new LogFrontier(frontier.size(), frontier.edge());
      assertThat(restored.append(leaf(size))).isEqualTo(size);
      frontier.append(leaf(size));
      assertThat(restored.edge())
          .isEqualTo(frontier.edge())
          .isEqualTo(LogFrontier.at(LOG, size + 1).edge());
    }
    assertThatThrownBy(() -> new LogFrontier(3, List.of(Hash.ZERO)))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void truncatedLog_shouldGrowAgainWithOtherLines() {
    MemoryLog log = new MemoryLog();
    for (int i = 0; i < 100; i++) {
      log.append(leaf(i));
    }
    log.truncate(37);
    assertThat(log.root()).isEqualTo(LOG.root(37));
    for (int i = 37; i < 90; i++) {
      log.append(leaf(i + 1000));
    }
    LogNodes expected = LogNodes.ofLeaves(i -> leaf(i < 37 ? i : i + 1000));
    assertThat(log.root()).isEqualTo(LogTree.root(expected, 90));
    assertThatThrownBy(() -> log.root(91)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void usageLeaves_shouldEqualVectors() {
    MemoryLog log = new MemoryLog();
    for (JsonNode v : at("usage", "attestations")) {
      Hash leaf = WireVectors.attestation(v.required("value")).leafHash();
      assertThat(leaf).isEqualTo(hash(v, "leafHash"));
      log.append(leaf);
    }
    for (JsonNode v : at("headers")) {
      EpochBody body = WireVectors.body(v.required("body"));
      assertThat(log.root(body.logSize())).isEqualTo(body.logRoot());
    }
  }
}
