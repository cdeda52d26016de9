package network.tachi.indexer;

import java.util.List;
import network.tachi.evm.ChainId;
import network.tachi.store.EventTables;
import org.jooq.DSLContext;

/**
 * What is made of the logs of one chain: the rows of their events, and the sums that are kept of
 * those. All of it follows from the blocks alone, so that it can be made again from stored logs.
 * Each method works within the transaction it is given. Not for use by many threads.
 */
final class ProjectionWriter {

  private final ChainId chain;
  private final LicenseTotals totals;
  private final CopySink rows = new CopySink();

  ProjectionWriter(ChainId chain) {
    this.chain = chain;
    this.totals = new LicenseTotals(chain);
  }

  /** Takes back what was made of the blocks above a height. */
  void unwind(DSLContext tx, long above) {
    totals.unwind(tx, above);
    EventTables.deleteAbove(tx, chain.value(), above);
  }

  /** Writes what is made of blocks that come on top of those written before. */
  void write(DSLContext tx, List<VerifiedBlock> blocks) {
    try {
      for (VerifiedBlock block : blocks) {
        for (IndexedEvent event : block.events()) {
          EventRows.write(event, rows);
          totals.add(event);
        }
      }
      rows.flush(tx);
      totals.flush(tx);
    } finally {
      // After a failure, so that the next transaction does not write them too.
      rows.clear();
      totals.clear();
    }
  }
}
