package network.tachi.indexer;

import java.util.List;
import network.tachi.evm.Bytes;

/**
 * A block whose followed events are known and proven.
 *
 * @param point the block
 * @param verifiedBy how
 * @param events its events in the order of the chain
 * @param logs all logs of followed contracts, as the store keeps them; no bytes if there is none
 */
record VerifiedBlock(
    BlockPoint point, VerifiedBy verifiedBy, List<IndexedEvent> events, Bytes logs) {
  private static final int BLOCK_BYTES = 400;
  private static final int EVENT_BYTES = 500;

  VerifiedBlock {
    events = List.copyOf(events);
  }

  /** About how many bytes of memory it takes. */
  long weight() {
    return BLOCK_BYTES + logs.size() + (long) EVENT_BYTES * events.size();
  }
}
