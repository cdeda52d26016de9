package network.tachi.testkit.chain;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A row of blocks that grows at its end, on a block of another row. */
final class Branch {
  private final int id;
  private final @Nullable Branch parent;
  private final long start;
  private final List<ChainBlock> blocks = new ArrayList<>();

  /**
   * A branch without blocks.
   *
   * @param id unlike that of all others
   * @param parent what it branches off; null for the first
   * @param start the number of its first block
   */
  Branch(int id, @Nullable Branch parent, long start) {
    this.id = id;
    this.parent = parent;
    this.start = start;
  }

  int id() {
    return id;
  }

  /** The block of a number, on this branch or below it. */
  ChainBlock block(long number) {
    Branch branch = this;
    while (number < branch.start) {
      if (branch.parent == null) {
        throw new IllegalArgumentException("no block " + number);
      }
      branch = branch.parent;
    }
    return branch.own(number);
  }

  private synchronized ChainBlock own(long number) {
    return blocks.get((int) (number - start));
  }

  /** The number of its last block, or of the block it stands on. */
  synchronized long last() {
    return start + blocks.size() - 1;
  }

  synchronized void add(ChainBlock block) {
    blocks.add(block);
  }
}
