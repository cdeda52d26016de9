package network.tachi.indexer;

import network.tachi.evm.ChainId;

/**
 * The node's head is below the block that was indexed as finalized: it is syncing, or it is on
 * another chain.
 */
public final class HeadBelowFinalizedException extends IndexerHaltedException {
  private static final long serialVersionUID = 1;

  HeadBelowFinalizedException(ChainId chain, BlockId finalized, long head) {
    super(
        "chain %s: the node's head is %d, below the finalized block %d that is indexed. Wait until the node has synced, or configure one that has; if the chain was replaced, index it into a fresh database"
            .formatted(chain, head, finalized.number()));
  }

  @Override
  public String code() {
    return "head_below_finalized";
  }
}
