package network.tachi.indexer;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import network.tachi.evm.Hash;

/**
 * What one transaction does to a chain in the store.
 *
 * @param genesis the hash of the chain's genesis block
 * @param before the head that the store must have; empty if it must not know the chain
 * @param unwindAbove the height above which everything is deleted first, if anything is
 * @param blocks the blocks that come on top, ascending
 * @param after the head then
 * @param finality how far the chain is settled then
 */
record Change(
    Hash genesis,
    Optional<BlockId> before,
    OptionalLong unwindAbove,
    List<VerifiedBlock> blocks,
    BlockPoint after,
    Finality finality) {
  Change {
    blocks = List.copyOf(blocks);
  }

  /** The number of blocks that are unwound. */
  long depth() {
    return unwindAbove.isEmpty() || before.isEmpty()
        ? 0
        : Math.max(0, before.get().number() - unwindAbove.getAsLong());
  }
}
