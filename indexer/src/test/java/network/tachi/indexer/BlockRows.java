package network.tachi.indexer;

import java.util.List;
import org.jooq.TableRecord;

/**
 * A block and the rows of its events.
 *
 * @param block the block
 * @param rows a row for each event, in the order of the chain
 */
record BlockRows(VerifiedBlock block, List<TableRecord<?>> rows) {
  BlockRows {
    rows = List.copyOf(rows);
  }

  /** The rows of a block. */
  static BlockRows of(VerifiedBlock block) {
    return new BlockRows(
        block, block.events().stream().<TableRecord<?>>map(EventRows::of).toList());
  }

  /** The block as its neighbours see it. */
  BlockPoint point() {
    return block.point();
  }
}
