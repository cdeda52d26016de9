package network.tachi.indexer;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;

/**
 * What the store holds of a chain, as of the last load or commit.
 *
 * @param chain the chain
 * @param genesis the hash of its genesis block
 * @param stored the head in the store; empty if it does not know the chain
 * @param window the blocks that are not final, and the finalized one
 * @param finality how far the chain is settled
 */
record IndexedState(
    ChainId chain, Hash genesis, Optional<BlockId> stored, ChainWindow window, Finality finality) {
  /**
   * The state as the store has it, of the chain that begins with a block.
   *
   * @throws GenesisMismatchException if the store holds a chain that began with another block
   */
  static IndexedState of(ChainId chain, BlockPoint genesis, Optional<StoredChain> stored) {
    if (stored.isEmpty()) {
      Finality none = new Finality(genesis.id(), genesis.id());
      return new IndexedState(chain, genesis.hash(), Optional.empty(), ChainWindow.EMPTY, none);
    }
    StoredChain found = stored.get();
    if (!found.genesis().equals(genesis.hash())) {
      throw new GenesisMismatchException(chain, found.genesis(), genesis.hash());
    }
    return new IndexedState(
        chain,
        genesis.hash(),
        Optional.of(found.head()),
        ChainWindow.of(found.blocks()),
        found.finality());
  }

  /** The height of the highest indexed block, or -1. */
  long tipNumber() {
    return window.tip().map(BlockPoint::number).orElse(-1L);
  }

  /**
   * Checks that a node is as far as what is final, and calls no other block of that height final.
   *
   * @throws HeadBelowFinalizedException if its head is below
   * @throws ReorgBelowFinalizedException if its finalized block is another one
   */
  void requireFinalizedHeld(Tips tips) {
    BlockId finalized = finality.finalized();
    if (tips.latest().number() < finalized.number()) {
      throw new HeadBelowFinalizedException(chain, finalized, tips.latest().number());
    }
    tips.finalized()
        .map(CheckedHeader::id)
        .filter(tag -> tag.number() == finalized.number() && !tag.equals(finalized))
        .ifPresent(tag -> {
          throw new ReorgBelowFinalizedException(chain, finalized, tag.hash());
        });
  }

  /**
   * The change that unwinds and puts blocks on top.
   *
   * @throws IllegalStateException if the blocks do not follow what is left
   * @throws RejectedAnswerException if the node calls a block of another branch safe or finalized
   */
  Change change(Tips tips, OptionalLong unwindAbove, List<VerifiedBlock> blocks) {
    ChainWindow after = after(unwindAbove, blocks);
    BlockPoint head = after.tip().orElse(tips.latest().point());
    return new Change(genesis, stored, unwindAbove, blocks, head, finality.advance(after, tips));
  }

  /** The state after a change of this one. */
  IndexedState after(Change change) {
    ChainWindow after = after(change.unwindAbove(), change.blocks());
    return new IndexedState(
        chain,
        genesis,
        Optional.of(change.after().id()),
        after.from(change.finality().finalized().number()),
        change.finality());
  }

  /** The state when only the finality has changed. */
  IndexedState with(Finality newer) {
    return new IndexedState(chain, genesis, stored, window.from(newer.finalized().number()), newer);
  }

  /**
   * The state when another process has put blocks on top.
   *
   * @param head the head in the store
   * @param blocks the stored blocks from this state's tip on
   * @return empty if the tip is not among them, or something is missing
   */
  Optional<IndexedState> with(BlockId head, List<BlockPoint> blocks, Finality newer) {
    if (window.isEmpty()
        || blocks.isEmpty()
        || !blocks.getFirst().equals(window.tip().orElseThrow())
        || !blocks.getLast().id().equals(head)) {
      return Optional.empty();
    }
    try {
      ChainWindow grown = window.with(OptionalLong.empty(), blocks.subList(1, blocks.size()));
      return Optional.of(
          new IndexedState(
              chain, genesis, Optional.of(head), grown.from(newer.finalized().number()), newer));
    } catch (IllegalStateException _) {
      return Optional.empty(); // blocks between were dropped, as they are final already
    }
  }

  private ChainWindow after(OptionalLong unwindAbove, List<VerifiedBlock> blocks) {
    return window.with(unwindAbove, blocks.stream().map(VerifiedBlock::point).toList());
  }
}
