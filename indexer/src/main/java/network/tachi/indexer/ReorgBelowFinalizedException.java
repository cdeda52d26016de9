package network.tachi.indexer;

import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;

/** The node's chain does not hold the block that was indexed as finalized. */
public final class ReorgBelowFinalizedException extends IndexerHaltedException {
  private static final long serialVersionUID = 1;

  ReorgBelowFinalizedException(ChainId chain, BlockId finalized, Hash found) {
    super(
        "chain %s: the node has %s at the finalized height %d, indexed as %s. Nothing is unwound below finalized. Compare with another endpoint: if this node is wrong, configure a right one; if the chain was replaced, index it into a fresh database"
            .formatted(chain, found, finalized.number(), finalized.hash()));
  }

  @Override
  public String code() {
    return "reorg_below_finalized";
  }
}
