package network.tachi.indexer;

import java.util.List;
import network.tachi.evm.Hash;

/**
 * A chain as the store has it.
 *
 * @param genesis the hash of its genesis block
 * @param head the tip, or a block below the first one to index if all was unwound
 * @param finality how far it is settled
 * @param blocks from the finalized block, or the first one indexed, to the head; empty if nothing
 *     is indexed
 */
record StoredChain(Hash genesis, BlockId head, Finality finality, List<BlockPoint> blocks) {
  StoredChain {
    blocks = List.copyOf(blocks);
  }
}
