package network.tachi.contracts.wire;

import java.util.function.Function;

/**
 * Proof that a key is not in a settlement tree (wire.md section 5).
 *
 * @param <L> kind of leaf
 */
public sealed interface Absence<L extends SettlementLeaf> {
  /** The tree has no leaves. */
  record EmptyTree<L extends SettlementLeaf>() implements Absence<L> {}

  /** The key is below the first leaf's. */
  record BeforeFirst<L extends SettlementLeaf>(Proven<L> first) implements Absence<L> {}

  /** The key is above the last leaf's. */
  record AfterLast<L extends SettlementLeaf>(Proven<L> last) implements Absence<L> {}

  /** The key is between two neighbours'. */
  record Between<L extends SettlementLeaf>(Proven<L> left, Proven<L> right) implements Absence<L> {}

  /** Whether this proves that no leaf of the tree has the key. */
  default <K extends Comparable<K>> boolean proves(
      K key, Function<? super L, K> keyOf, SumNode root, long leafCount) {
    return switch (this) {
      case EmptyTree<L>() -> leafCount == 0 && root.equals(SumNode.EMPTY);
      case BeforeFirst<L>(Proven<L> first) ->
          first.in(root, leafCount)
              && first.proof().index() == 0
              && key.compareTo(keyOf.apply(first.leaf())) < 0;
      case AfterLast<L>(Proven<L> last) ->
          last.in(root, leafCount)
              && last.proof().index() == leafCount - 1
              && key.compareTo(keyOf.apply(last.leaf())) > 0;
      case Between<L>(Proven<L> left, Proven<L> right) ->
          left.in(root, leafCount)
              && right.in(root, leafCount)
              && left.proof().index() + 1 == right.proof().index()
              && key.compareTo(keyOf.apply(left.leaf())) > 0
              && key.compareTo(keyOf.apply(right.leaf())) < 0;
    };
  }
}
