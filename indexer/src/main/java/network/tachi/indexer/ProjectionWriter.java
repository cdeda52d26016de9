package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.BLOCK;

import java.util.List;
import java.util.Set;
import network.tachi.evm.ChainId;
import network.tachi.store.EventTables;
import org.jooq.Condition;
import org.jooq.DSLContext;

/**
 * What is made of the logs of one chain: the rows of their events, the sums that are kept of those,
 * the versions of what they change, and the digests of all rows. All of it follows from the blocks
 * alone, so that it can be made again from stored logs, together with the blocks that were kept.
 * Each method works within the transaction it is given. Not for use by many threads.
 */
final class ProjectionWriter {

  private final ChainId chain;
  private final LicenseTotals totals;
  private final StateVersions versions;
  private final BlockDigests digests;
  private final CopySink rows = new CopySink();

  ProjectionWriter(ChainId chain) {
    this.chain = chain;
    this.totals = new LicenseTotals(chain);
    this.versions = new StateVersions(chain);
    this.digests = new BlockDigests(chain);
  }

  /** Takes back what was made of the blocks above a height. */
  void unwind(DSLContext tx, long above) {
    totals.unwind(tx, above);
    versions.unwind(tx, above);
    digests.unwind(tx, above);
    EventTables.deleteAbove(tx, chain.value(), above);
  }

  /**
   * Writes what is made of blocks that come on top of those written before.
   *
   * @return the heights at which something changed because of the block's time; their rows must be
   *     kept
   */
  Set<Long> write(DSLContext tx, List<VerifiedBlock> blocks) {
    try {
      for (VerifiedBlock block : blocks) {
        for (IndexedEvent event : block.events()) {
          EventRows.write(event, rows);
          totals.add(event);
        }
      }
      rows.flush(tx);
      totals.flush(tx);
      digests.write(tx, blocks);
      return versions.write(tx, blocks);
    } finally {
      // After a failure, so that the next transaction does not write them too.
      rows.clear();
      totals.clear();
    }
  }

  /** Of the rows of blocks that may go when they are final. */
  Condition mayGo() {
    return BLOCK.LOG_COUNT.eq(0).and(versions.isNoVersion());
  }
}
