package network.tachi.contracts.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import network.tachi.evm.AmountOverflowException;

/**
 * A Merkle-sum tree in the shape of RFC 6962 (wire.md section 5), with every level kept for proofs.
 * Pairing neighbours level by level and lifting a lone last node gives that shape.
 */
public final class SumTree {
  private final List<List<SumNode>> levels;

  private SumTree(List<List<SumNode>> levels) {
    this.levels = levels;
  }

  /**
   * Builds the tree.
   *
   * @throws AmountOverflowException if the sums do not fit 128 bits
   */
  public static SumTree of(List<SumNode> leaves) {
    List<List<SumNode>> levels = new ArrayList<>();
    List<SumNode> level = List.copyOf(leaves);
    levels.add(level);
    while (level.size() > 1) {
      List<SumNode> above = new ArrayList<>((level.size() + 1) / 2);
      for (int i = 0; i + 1 < level.size(); i += 2) {
        above.add(SumNode.join(level.get(i), level.get(i + 1)));
      }
      if (level.size() % 2 == 1) {
        above.add(level.getLast());
      }
      level = above;
      levels.add(level);
    }
    return new SumTree(levels);
  }

  /** The number of leaves. */
  public long count() {
    return levels.getFirst().size();
  }

  /** The root: hash and total. */
  public SumNode root() {
    return count() == 0 ? SumNode.EMPTY : levels.getLast().getFirst();
  }

  /**
   * The proof of a leaf.
   *
   * @throws IndexOutOfBoundsException if there is no such leaf
   */
  public SumProof proof(int index) {
    Objects.checkIndex(index, levels.getFirst().size());
    List<SumNode> path = new ArrayList<>();
    int at = index;
    for (List<SumNode> level : levels.subList(0, levels.size() - 1)) {
      int sibling = at ^ 1;
      if (sibling < level.size()) {
        path.add(level.get(sibling));
      }
      at >>= 1;
    }
    return new SumProof(index, count(), path);
  }
}
