package network.tachi.indexer;

import network.tachi.evm.ChainId;

/**
 * Thrown when the store has a block with events but not its logs, so that nothing can be made of
 * them again: the block was indexed before logs were kept.
 */
public final class RawLogsMissingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RawLogsMissingException(ChainId chain, BlockId block) {
    super(
        "chain %s: the logs of block %s are not in the store; index the chain into a fresh database"
            .formatted(chain, block));
  }
}
