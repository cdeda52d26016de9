package network.tachi.contracts.wire;

import static network.tachi.contracts.wire.WireVectors.amount;
import static network.tachi.contracts.wire.WireVectors.at;
import static network.tachi.contracts.wire.WireVectors.flip;
import static network.tachi.contracts.wire.WireVectors.hash;
import static network.tachi.contracts.wire.WireVectors.items;
import static network.tachi.contracts.wire.WireVectors.sumNode;
import static network.tachi.contracts.wire.WireVectors.sumNodes;
import static network.tachi.contracts.wire.WireVectors.text;
import static network.tachi.contracts.wire.WireVectors.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import network.tachi.evm.Address;
import network.tachi.evm.AmountOverflowException;
import network.tachi.evm.Hash;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class SettlementTreesTest {
  static Iterable<JsonNode> sumTrees() {
    return items("sumTree", "trees").toList();
  }

  static Iterable<JsonNode> settlements() {
    return items("settlements").toList();
  }

  @ParameterizedTest
  @MethodSource("sumTrees")
  void sumTrees_shouldEqualVectors(JsonNode v) {
    int size = v.required("size").asInt();
    List<SumNode> leaves = sumNodes(at("sumTree"), "leaves").subList(0, size);
    SumTree tree = SumTree.of(leaves);
    SumNode root = sumNode(v.required("root"));
    assertThat(tree.root()).isEqualTo(root);
    for (JsonNode p : v.required("proofs")) {
      int index = p.required("index").asInt();
      SumProof proof = tree.proof(index);
      assertThat(proof).isEqualTo(new SumProof(index, size, sumNodes(p, "path")));
      assertThat(proof.proves(leaves.get(index), root, size)).isTrue();
      assertSumProofIsExact(leaves.get(index), proof, root);
    }
  }

  private static void assertSumProofIsExact(SumNode leaf, SumProof proof, SumNode root) {
    long count = proof.count();
    UsdcAmount one = UsdcAmount.of(1);
    assertThat(proof.proves(new SumNode(flip(leaf.hash(), 3), leaf.sum()), root, count)).isFalse();
    assertThat(proof.proves(new SumNode(leaf.hash(), leaf.sum().plus(one)), root, count)).isFalse();
    assertThat(proof.proves(leaf, new SumNode(root.hash(), root.sum().plus(one)), count)).isFalse();
    assertThat(proof.proves(leaf, root, count + 1)).isFalse();
    for (long index = 0; index < count; index++) {
      if (index != proof.index()) {
        assertThat(new SumProof(index, count, proof.path()).proves(leaf, root, count)).isFalse();
      }
    }
    for (int i = 0; i < proof.path().size(); i++) {
      SumNode node = proof.path().get(i);
      SumNode otherHash = new SumNode(flip(node.hash(), i), node.sum());
      SumNode otherSum = new SumNode(node.hash(), node.sum().plus(one));
      for (SumNode other : List.of(otherHash, otherSum)) {
        assertThat(
                new SumProof(proof.index(), count, with(proof.path(), i, other))
                    .proves(leaf, root, count))
            .isFalse();
      }
      List<SumNode> shorter = new ArrayList<>(proof.path());
      shorter.remove(i);
      assertThat(new SumProof(proof.index(), count, shorter).proves(leaf, root, count)).isFalse();
    }
  }

  @Test
  void overflowingSums_shouldBeRefused() {
    for (JsonNode v : at("sumTree", "overflow")) {
      SumNode left = sumNode(v.required("left"));
      SumNode right = sumNode(v.required("right"));
      assertThatThrownBy(() -> SumNode.join(left, right))
          .isInstanceOf(AmountOverflowException.class);
      assertThat(new SumProof(0, 2, List.of(right)).root(left)).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("settlements")
  void settlements_shouldEqualVectors(JsonNode v) {
    List<PairLeaf> pairs = v.required("pairs").valueStream().map(WireVectors::pair).toList();
    SettlementTrees trees = SettlementTrees.of(pairs.reversed());
    assertThat(trees.pairs()).isEqualTo(pairs);
    assertThat(trees.settlementFile()).hasSize(v.required("settlementFileBytes").asInt());
    assertThat(trees.dataCommitment()).isEqualTo(hash(v, "dataCommitment"));
    v.required("pairs")
        .forEach(p -> assertThat(WireVectors.pair(p).node().hash()).isEqualTo(hash(p, "leafHash")));
    assertTree(trees.credit(), v.required("credit"), "licenseId", LicenseId::parse, Address::parse);
    assertTree(trees.debit(), v.required("debit"), "crawler", Address::parse, LicenseId::parse);
  }

  private interface Parser<T> {
    T parse(String text);
  }

  private static <K extends Comparable<K>, J extends Comparable<J>, P extends PartyLeaf<K>>
      void assertTree(
          SettlementTree<K, J, P> tree,
          JsonNode v,
          String keyName,
          Parser<K> keys,
          Parser<J> others) {
    SumNode root = new SumNode(hash(v, "root"), amount(v, "sum"));
    long count = v.required("count").asLong();
    assertThat(tree.root()).isEqualTo(root);
    assertThat(tree.count()).isEqualTo(count);
    for (JsonNode p : v.required("parents")) {
      K key = keys.parse(text(p.required("leaf"), keyName));
      Proven<P> proven = tree.party(key).orElseThrow();
      assertThat(proven.leaf().node().hash()).isEqualTo(hash(p, "leafHash"));
      assertThat(proven.leaf().pairRoot()).isEqualTo(hash(p.required("leaf"), "pairRoot"));
      assertThat(proven.leaf().cumulative()).isEqualTo(amount(p.required("leaf"), "cumulative"));
      assertThat(proven.proof())
          .isEqualTo(new SumProof(p.required("index").asLong(), count, sumNodes(p, "path")));
      assertThat(proven.in(root, count)).isTrue();
      assertThat(tree.absence(key)).isEmpty();
      long at = proven.proof().index();
      assertThat(tree.partyAt(at)).contains(proven);
      assertThat(tree.pairAt(at, proven.leaf().pairCount())).isEmpty();
      assertThat(tree.pairAt(at, WireIds.NONE)).isEmpty();
      for (JsonNode q : p.required("pairs")) {
        J other = others.parse(text(q, "key"));
        PairProof<P> pair = tree.pair(key, other).orElseThrow();
        assertThat(pair.pair().proof())
            .isEqualTo(
                new SumProof(
                    q.required("index").asLong(), proven.leaf().pairCount(), sumNodes(q, "path")));
        assertThat(pair.in(root, count)).isTrue();
        assertThat(tree.pairAbsence(key, other)).isEmpty();
        assertThat(tree.pairAt(at, pair.pair().proof().index())).contains(pair);
      }
    }
    assertThat(tree.partyAt(count)).isEmpty();
    assertThat(tree.partyAt(-1)).isEmpty();
    for (JsonNode a : v.required("absent")) {
      K key = keys.parse(text(a, "key"));
      assertThat(tree.party(key)).isEmpty();
      Absence<P> absence = tree.absence(key).orElseThrow();
      assertThat(indexes(absence))
          .isEqualTo(a.required("neighbours").valueStream().map(JsonNode::asLong).toList());
      assertThat(absence.proves(key, PartyLeaf::key, root, count)).isTrue();
      tree.parties()
          .forEach(present ->
              assertThat(absence.proves(present.key(), PartyLeaf::key, root, count)).isFalse());
      assertThat(absence.proves(key, PartyLeaf::key, root, count + 1)).isFalse();
    }
  }

  private static List<Long> indexes(Absence<?> absence) {
    return switch (absence) {
      case Absence.EmptyTree<?>() -> List.of();
      case Absence.BeforeFirst<?>(var first) -> List.of(first.proof().index());
      case Absence.AfterLast<?>(var last) -> List.of(last.proof().index());
      case Absence.Between<?>(var left, var right) ->
          List.of(left.proof().index(), right.proof().index());
    };
  }

  @Test
  void emptyTree_shouldProveAbsence() {
    SettlementTrees trees = SettlementTrees.of(List.of());
    LicenseId id = LicenseId.of(5);
    Absence<LicenseLeaf> absence = trees.credit().absence(id).orElseThrow();
    assertThat(absence.proves(id, LicenseLeaf::key, SumNode.EMPTY, 0)).isTrue();
    assertThat(absence.proves(id, LicenseLeaf::key, SumNode.EMPTY, 1)).isFalse();
  }

  @Test
  void pairAbsence_shouldBeProvenBetweenNeighbours() {
    List<PairLeaf> pairs =
        at("settlements").get(4).required("pairs").valueStream().map(WireVectors::pair).toList();
    SettlementTrees trees = SettlementTrees.of(pairs);
    LicenseId licence = pairs.getFirst().licenseId();
    for (String crawler :
        List.of(
            "0x0000000000000000000000000000000000000001",
            "0xffffffffffffffffffffffffffffffffffffffff",
            "0x8000000000000000000000000000000000000000")) {
      Address key = Address.parse(crawler);
      Absence<PairLeaf> absence = trees.credit().pairAbsence(licence, key).orElseThrow();
      LicenseLeaf parent = trees.credit().party(licence).orElseThrow().leaf();
      SumNode root = new SumNode(parent.pairRoot(), parent.cumulative());
      assertThat(absence.proves(key, PairLeaf::crawler, root, parent.pairCount())).isTrue();
    }
  }

  @Test
  void badPairs_shouldBeRefused() {
    PairLeaf pair = WireVectors.pair(at("settlements").get(1).required("pairs").get(0));
    PairLeaf zero =
        new PairLeaf(pair.crawler(), pair.licenseId(), UsdcAmount.ZERO, 1, 1, Hash.ZERO);
    assertThatThrownBy(() -> SettlementTrees.of(List.of(pair, pair)))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> SettlementTrees.of(List.of(zero)))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void epochBodies_shouldFollowFromTheLog() {
    List<UsageAttestation> lines =
        items("usage", "attestations")
            .map(v -> WireVectors.attestation(v.required("value")))
            .toList();
    MemoryLog log = new MemoryLog();
    lines.forEach(line -> log.append(line.leafHash()));
    for (JsonNode v : at("headers")) {
      EpochBody expected = WireVectors.body(v.required("body"));
      Map<String, PairLeaf> pairs = new LinkedHashMap<>();
      lines.stream()
          .limit(expected.logSize())
          .filter(UsageAttestation::isCredit)
          .forEach(line -> pairs.put(line.crawler() + "/" + line.licenseId(), PairLeaf.of(line)));
      SettlementTrees trees = SettlementTrees.of(pairs.values());
      assertThat(
              EpochBody.of(
                  expected.logSize(),
                  log.root(expected.logSize()),
                  trees,
                  expected.rulesHash(),
                  expected.closedAt()))
          .isEqualTo(expected);
      assertThat(expected.credit().sum()).isEqualTo(expected.debit().sum());
    }
  }
}
