package network.tachi.contracts.wire;

import java.util.function.LongFunction;
import network.tachi.evm.Hash;

/** Where the complete subtrees of a usage log are found: memory, tiles, a database. */
@FunctionalInterface
public interface LogNodes {
  /**
   * The root of a complete subtree of 2^level leaves.
   *
   * @param level 0 for leaf hashes
   * @param index which of the subtrees of this level, from 0: it covers the leaves from index x
   *     2^level
   */
  Hash node(int level, long index);

  /**
   * Nodes computed anew from leaf hashes at each call: right for small logs and for checks, slow
   * for large ones.
   */
  static LogNodes ofLeaves(LongFunction<Hash> leafHashes) {
    return new LogNodes() {
      @Override
      public Hash node(int level, long index) {
        return level == 0
            ? leafHashes.apply(index)
            : LogTree.node(node(level - 1, 2 * index), node(level - 1, 2 * index + 1));
      }
    };
  }
}
