package network.tachi.indexer;

import java.util.List;

/**
 * A block whose followed events are known and proven.
 *
 * @param point the block
 * @param verifiedBy how
 * @param events its events in the order of the chain
 */
record VerifiedBlock(BlockPoint point, VerifiedBy verifiedBy, List<IndexedEvent> events) {
  VerifiedBlock {
    events = List.copyOf(events);
  }
}
