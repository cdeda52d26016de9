package network.tachi.contracts.wire;

import java.util.List;
import java.util.Optional;
import network.tachi.evm.AmountOverflowException;
import network.tachi.evm.InvalidValueException;

/**
 * Proof of a leaf's place in a settlement tree (wire.md section 5).
 *
 * @param index of the leaf, from 0
 * @param count of the tree's leaves
 * @param path siblings from leaf to root
 */
public record SumProof(long index, long count, List<SumNode> path) {
  /** Checks that the index is below the count. */
  public SumProof {
    path = List.copyOf(path);
    if (index < 0 || index >= count) {
      throw new InvalidValueException("index", "0 to " + (count - 1), Long.toString(index));
    }
  }

  /** Whether this proves the leaf in the tree with the given root and number of leaves. */
  public boolean proves(SumNode leaf, SumNode root, long leafCount) {
    return count == leafCount && root(leaf).filter(root::equals).isPresent();
  }

  /**
   * The root that the path leads to; empty if its length is wrong for index and count, or a sum
   * overflows.
   */
  public Optional<SumNode> root(SumNode leaf) {
    long at = index;
    long last = count - 1;
    SumNode node = leaf;
    try {
      for (SumNode sibling : path) {
        if (last == 0) {
          return Optional.empty();
        }
        if ((at & 1) == 1 || at == last) {
          node = SumNode.join(sibling, node);
          int skipped = at == 0 ? 0 : Long.numberOfTrailingZeros(at);
          at >>>= skipped;
          last >>>= skipped;
        } else {
          node = SumNode.join(node, sibling);
        }
        at >>>= 1;
        last >>>= 1;
      }
    } catch (AmountOverflowException _) {
      return Optional.empty();
    }
    return last == 0 ? Optional.of(node) : Optional.empty();
  }
}
