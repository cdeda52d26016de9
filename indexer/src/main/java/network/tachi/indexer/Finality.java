package network.tachi.indexer;

/**
 * How far a chain is settled. Both are blocks of the indexed chain, or blocks below the first one
 * indexed; at worst the genesis block, which is always final.
 *
 * @param safe the highest block that is safe
 * @param finalized the highest block that is final, not above the safe one
 */
record Finality(BlockId safe, BlockId finalized) {
  Finality {
    if (safe.number() < finalized.number()) {
      throw new IllegalArgumentException("finalized " + finalized + " is above safe " + safe);
    }
  }

  /**
   * How far an indexed chain is settled after a look. Finalized never goes back; safe goes back
   * only with a reorg.
   *
   * @param after the chain as it will be indexed
   * @param tips what the node said before its blocks were fetched
   * @throws RejectedAnswerException if the node calls a block of another branch safe or finalized
   */
  Finality advance(ChainWindow after, Tips tips) {
    BlockId newFinalized =
        tips.finalized().map(tag -> higher(finalized, settled(after, tips, tag))).orElse(finalized);
    BlockId keptSafe = isHeld(after, tips, safe) ? safe : newFinalized;
    BlockId newSafe =
        tips.safe().map(tag -> higher(keptSafe, settled(after, tips, tag))).orElse(keptSafe);
    return new Finality(higher(newFinalized, newSafe), newFinalized);
  }

  private static boolean isHeld(ChainWindow after, Tips tips, BlockId block) {
    return after
        .base()
        .map(base -> block.number() < base.number() || after.holds(block.number(), block.hash()))
        .orElse(block.number() <= tips.latest().number());
  }

  /** The block that a tag settles: the tagged one, or the indexed tip where the tag is above it. */
  private BlockId settled(ChainWindow after, Tips tips, CheckedHeader tag) {
    if (tag.number() > tips.latest().number()) {
      return finalized;
    }
    if (after.isEmpty() || tag.number() < after.base().orElseThrow().number()) {
      return tag.id();
    }
    BlockId tip = after.tip().orElseThrow().id();
    if (tag.number() > tip.number()) {
      return tip;
    }
    if (!after.holds(tag.number(), tag.header().hash())) {
      throw new RejectedAnswerException(
          Rejection.FORKED_TAG,
          tag.number(),
          "tagged is %s, an ancestor of the head is %s"
              .formatted(tag.header().hash(), after.at(tag.number()).orElseThrow().hash()));
    }
    return tag.id();
  }

  private static BlockId higher(BlockId a, BlockId b) {
    return a.number() >= b.number() ? a : b;
  }
}
