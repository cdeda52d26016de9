package network.tachi.indexer;

import java.util.Optional;
import network.tachi.evm.ChainId;

/** The store is not where this indexer left it; nothing of the transaction was stored. */
public final class StaleCheckpointException extends RuntimeException {
  private static final long serialVersionUID = 1;

  StaleCheckpointException(ChainId chain, Optional<BlockId> expected, Optional<BlockId> found) {
    super(
        "chain %s: expected the store at %s, found it at %s"
            .formatted(chain, text(expected), text(found)));
  }

  private static String text(Optional<BlockId> point) {
    return point.map(BlockId::toString).orElse("nothing");
  }
}
