package network.tachi.indexer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import network.tachi.evm.Hash;

/**
 * The blocks from the finalized one to the tip, as they stand in the store. Immutable.
 *
 * <p>Invariants: heights are contiguous; each block's parent hash is the hash of the block below;
 * the lowest block is the finalized one, or, before anything is final, the first one indexed.
 */
final class ChainWindow {
  /** A window without blocks. */
  static final ChainWindow EMPTY = new ChainWindow(List.of());

  private final List<BlockPoint> blocks;

  private ChainWindow(List<BlockPoint> blocks) {
    this.blocks = blocks;
  }

  /**
   * A window of blocks, ascending.
   *
   * @throws IllegalStateException if they are not linked
   */
  static ChainWindow of(List<BlockPoint> blocks) {
    return EMPTY.with(OptionalLong.empty(), blocks);
  }

  /** Whether there is no block. */
  boolean isEmpty() {
    return blocks.isEmpty();
  }

  /** The highest block. */
  Optional<BlockPoint> tip() {
    return blocks.isEmpty() ? Optional.empty() : Optional.of(blocks.getLast());
  }

  /** The lowest block, below which nothing is unwound. */
  Optional<BlockPoint> base() {
    return blocks.isEmpty() ? Optional.empty() : Optional.of(blocks.getFirst());
  }

  /** The number of blocks. */
  int size() {
    return blocks.size();
  }

  /** The block at a height, if the window reaches there. */
  Optional<BlockPoint> at(long number) {
    if (blocks.isEmpty()) {
      return Optional.empty();
    }
    long index = number - blocks.getFirst().number();
    return index < 0 || index >= blocks.size()
        ? Optional.empty()
        : Optional.of(blocks.get((int) index));
  }

  /** Whether the window holds this very block. */
  boolean holds(long number, Hash hash) {
    return at(number).filter(block -> block.hash().equals(hash)).isPresent();
  }

  /**
   * The window after a change.
   *
   * @param unwindAbove the height above which blocks are dropped first, if any are
   * @param more the blocks put on top then, ascending
   * @throws IllegalStateException if they do not follow what is left
   */
  ChainWindow with(OptionalLong unwindAbove, List<BlockPoint> more) {
    List<BlockPoint> kept = blocks;
    if (unwindAbove.isPresent() && !blocks.isEmpty()) {
      long left = unwindAbove.getAsLong() - blocks.getFirst().number() + 1;
      kept = blocks.subList(0, Math.clamp(left, 0, blocks.size()));
    }
    List<BlockPoint> all = new ArrayList<>(kept.size() + more.size());
    all.addAll(kept);
    for (BlockPoint block : more) {
      if (!all.isEmpty() && !block.follows(all.getLast())) {
        throw new IllegalStateException("block " + block + " does not follow " + all.getLast());
      }
      all.add(block);
    }
    return new ChainWindow(all);
  }

  /** The window without the blocks below a height; the tip stays. */
  ChainWindow from(long number) {
    if (blocks.isEmpty() || blocks.getFirst().number() >= number) {
      return this;
    }
    long dropped = Math.min(number - blocks.getFirst().number(), blocks.size() - 1);
    return new ChainWindow(List.copyOf(blocks.subList((int) dropped, blocks.size())));
  }

  /**
   * How a head stands to the tip.
   *
   * @throws IllegalStateException if the window is empty
   */
  Step classify(BlockPoint head) {
    BlockPoint tip = tip().orElseThrow(() -> new IllegalStateException("the window is empty"));
    if (head.hash().equals(tip.hash())) {
      return new Step.Same();
    }
    if (head.follows(tip)) {
      return new Step.Next(head);
    }
    if (head.number() > tip.number() + 1) {
      return new Step.Gap(tip.number() + 1, head);
    }
    return new Step.Fork(head, holds(head.number(), head.hash()));
  }
}
