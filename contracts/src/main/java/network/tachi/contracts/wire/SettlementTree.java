package network.tachi.contracts.wire;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import network.tachi.evm.InvalidValueException;

/**
 * One of the two settlement trees (wire.md section 5): parties ascending by key, each over its
 * pairs ascending by the other party.
 *
 * @param <K> key of a party
 * @param <J> key of a pair within a party
 * @param <P> leaf of a party
 */
public final class SettlementTree<
    K extends Comparable<K>, J extends Comparable<J>, P extends PartyLeaf<K>> {
  /** Makes the leaf of a party from its key and the tree of its pairs. */
  @FunctionalInterface
  interface LeafMaker<K, P> {
    P leaf(K key, SumTree pairs);
  }

  private record Party<J extends Comparable<J>, P>(
      P leaf, Function<PairLeaf, J> keyOf, List<PairLeaf> pairs, SumTree tree) {}

  private final TreeMap<K, Integer> indexes = new TreeMap<>();
  private final List<Party<J, P>> parties = new ArrayList<>();
  private final SumTree tree;

  private SettlementTree(
      SortedMap<K, SortedMap<J, PairLeaf>> pairs,
      Function<PairLeaf, J> pairKey,
      LeafMaker<K, P> maker) {
    for (Map.Entry<K, SortedMap<J, PairLeaf>> entry : pairs.entrySet()) {
      List<PairLeaf> own = List.copyOf(entry.getValue().values());
      SumTree ownTree = SumTree.of(own.stream().map(PairLeaf::node).toList());
      indexes.put(entry.getKey(), parties.size());
      parties.add(new Party<>(maker.leaf(entry.getKey(), ownTree), pairKey, own, ownTree));
    }
    tree = SumTree.of(parties.stream().map(party -> party.leaf().node()).toList());
  }

  /** Builds a tree; a pair that comes twice is refused. */
  static <K extends Comparable<K>, J extends Comparable<J>, P extends PartyLeaf<K>>
      SettlementTree<K, J, P> of(
          Collection<PairLeaf> leaves,
          Function<PairLeaf, K> partyKey,
          Function<PairLeaf, J> pairKey,
          LeafMaker<K, P> maker) {
    SortedMap<K, SortedMap<J, PairLeaf>> grouped = new TreeMap<>();
    for (PairLeaf leaf : leaves) {
      PairLeaf twin =
          grouped
              .computeIfAbsent(partyKey.apply(leaf), _ -> new TreeMap<>())
              .put(pairKey.apply(leaf), leaf);
      if (twin != null) {
        throw new InvalidValueException("pairs", "each pair once", leaf.toString());
      }
    }
    return new SettlementTree<>(grouped, pairKey, maker);
  }

  /** The number of parties. */
  public long count() {
    return tree.count();
  }

  /** The root: hash and total. */
  public SumNode root() {
    return tree.root();
  }

  /** The parties' leaves, ascending. */
  public List<P> parties() {
    return parties.stream().map(Party::leaf).toList();
  }

  /** The pairs of a party, ascending; none if the party is not there. */
  public List<PairLeaf> pairs(K key) {
    Integer index = indexes.get(key);
    return index == null ? List.of() : parties.get(index).pairs();
  }

  /** A party with its proof, which a claim or a withdrawal needs; empty if it is not there. */
  public Optional<Proven<P>> party(K key) {
    return Optional.ofNullable(indexes.get(key)).map(this::proven);
  }

  /** A pair with its proofs on both levels; empty if it is not there. */
  public Optional<PairProof<P>> pair(K key, J other) {
    Integer index = indexes.get(key);
    if (index == null) {
      return Optional.empty();
    }
    Party<J, P> party = parties.get(index);
    int at = position(party, other);
    return at < 0
        ? Optional.empty()
        : Optional.of(new PairProof<>(provenPair(party, at), proven(index)));
  }

  /** The party at a place of the tree; empty if there is none. */
  public Optional<Proven<P>> partyAt(long index) {
    return index < 0 || index >= parties.size()
        ? Optional.empty()
        : Optional.of(proven(Math.toIntExact(index)));
  }

  /** The pair at a place among the pairs of the party at a place; empty if there is none. */
  public Optional<PairProof<P>> pairAt(long partyIndex, long index) {
    return partyAt(partyIndex)
        .filter(proven -> index >= 0 && index < proven.leaf().pairCount())
        .map(proven ->
            new PairProof<>(
                provenPair(parties.get(Math.toIntExact(partyIndex)), Math.toIntExact(index)),
                proven));
  }

  /** The proof that a party is not there; empty if it is. */
  public Optional<Absence<P>> absence(K key) {
    if (indexes.containsKey(key)) {
      return Optional.empty();
    }
    int after = indexes.headMap(key).size();
    return Optional.of(absence(after, parties.size(), this::proven));
  }

  /**
   * The proof that a pair is not among a party's pairs; empty if it is, or if the party is not
   * there.
   */
  public Optional<Absence<PairLeaf>> pairAbsence(K key, J other) {
    Integer index = indexes.get(key);
    if (index == null) {
      return Optional.empty();
    }
    Party<J, P> party = parties.get(index);
    int at = position(party, other);
    return at >= 0
        ? Optional.empty()
        : Optional.of(absence(-at - 1, party.pairs().size(), i -> provenPair(party, i)));
  }

  private static <L extends SettlementLeaf> Absence<L> absence(
      int after, int count, Function<Integer, Proven<L>> proof) {
    if (count == 0) {
      return new Absence.EmptyTree<>();
    }
    if (after == 0) {
      return new Absence.BeforeFirst<>(proof.apply(0));
    }
    if (after == count) {
      return new Absence.AfterLast<>(proof.apply(count - 1));
    }
    return new Absence.Between<>(proof.apply(after - 1), proof.apply(after));
  }

  private Proven<P> proven(int index) {
    return new Proven<>(parties.get(index).leaf(), tree.proof(index));
  }

  private Proven<PairLeaf> provenPair(Party<J, P> party, int at) {
    return new Proven<>(party.pairs().get(at), party.tree().proof(at));
  }

  /** The place of a pair among a party's pairs, or -(insertion point) - 1. */
  private static <J extends Comparable<J>> int position(Party<J, ?> party, J key) {
    int low = 0;
    int high = party.pairs().size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = party.keyOf().apply(party.pairs().get(middle)).compareTo(key);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -low - 1;
  }
}
