package network.tachi.indexer;

import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;

/**
 * The store holds a chain of the same id that began with another block, such as a local chain that
 * was started afresh.
 */
public final class GenesisMismatchException extends IndexerHaltedException {
  private static final long serialVersionUID = 1;

  GenesisMismatchException(ChainId chain, Hash stored, Hash found) {
    super(
        "chain %s: the node's genesis block is %s, the store holds a chain that began with %s. Configure the node of that chain, or index this one into a fresh database"
            .formatted(chain, found, stored));
  }

  @Override
  public String code() {
    return "genesis_mismatch";
  }
}
