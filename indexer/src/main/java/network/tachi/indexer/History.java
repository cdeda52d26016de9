package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.CHECKPOINT;
import static network.tachi.store.jooq.projection.Tables.HISTORY;

import java.util.List;
import network.tachi.evm.ChainId;
import network.tachi.store.jooq.chain.tables.records.CheckpointRecord;
import org.jooq.DSLContext;
import org.jooq.TableRecord;
import org.jspecify.annotations.Nullable;

/**
 * That what is derived from the event rows of a chain is complete: the digests, the versions, and
 * the ledger of what was scanned. A chain that an older version indexed is derived once, from the
 * rows that are there; after that each commit goes on with it.
 */
final class History {
  private static final System.Logger LOG = System.getLogger(History.class.getName());

  /** Goes up when something else or something more is derived. */
  private static final int VERSION = 1;

  private final ChainId chain;
  private final long startBlock;
  private final CoverageLedger coverage;
  private final BlockDigests digests;
  private final StateVersions versions;
  private final IndexerMetrics metrics;

  /** What the transaction under way skipped in the ledger. */
  private long skipped;

  /** The newest digest as that transaction leaves it. */
  private @Nullable StateDigest newest;

  History(ChainId chain, long startBlock, IndexerMetrics metrics) {
    this.chain = chain;
    this.startBlock = startBlock;
    this.coverage = new CoverageLedger(chain);
    this.digests = new BlockDigests(chain);
    this.versions = new StateVersions(chain);
    this.metrics = metrics;
  }

  /** Whether the chain is indexed, but not derived by this version. */
  boolean isMissing(DSLContext tx) {
    return tx.fetchExists(CHECKPOINT, CHECKPOINT.CHAIN_ID.eq(chain.value()))
        && !tx.fetchExists(
            HISTORY, HISTORY.CHAIN_ID.eq(chain.value()), HISTORY.VERSION.eq(VERSION));
  }

  /** Derives everything from the rows that are there. Keeps others from writing the chain. */
  void derive(DSLContext tx) {
    CheckpointRecord checkpoint =
        tx.selectFrom(CHECKPOINT)
            .where(CHECKPOINT.CHAIN_ID.eq(chain.value()))
            .forUpdate()
            .fetchSingle();
    LOG.log(
        System.Logger.Level.INFO,
        "chain {0}: deriving digests, coverage and versions of what is indexed up to block {1}",
        chain,
        checkpoint.getHeadNumber());
    versions.clear(tx);
    digests.unwind(tx, -1);
    StateDigest digest = StateDigest.empty(chain);
    new StoredEvents(tx, chain)
        .visitPages(0, checkpoint.getHeadNumber(), page -> derive(tx, digest, page));
    coverage.derive(tx, checkpoint.getFinalizedNumber());
    markDerived(tx);
  }

  private void derive(DSLContext tx, StateDigest digest, List<StoredEvents.StoredBlock> page) {
    digests.derive(tx, digest, page);
    versions.write(
        tx,
        page.stream().map(StoredEvents.StoredBlock::point).toList(),
        page.stream().<TableRecord<?>>flatMap(block -> block.rows().stream()).toList());
  }

  /** Says that the chain is derived, as it is when its first block is written by this version. */
  void markDerived(DSLContext tx) {
    markDerived(tx, chain);
  }

  /** Says the same of a projection that is made from the chain's first block on. */
  static void markDerived(DSLContext tx, ChainId chain) {
    tx.insertInto(HISTORY)
        .set(HISTORY.CHAIN_ID, chain.value())
        .set(HISTORY.VERSION, VERSION)
        .onConflict(HISTORY.CHAIN_ID)
        .doUpdate()
        .set(HISTORY.VERSION, VERSION)
        .execute();
  }

  /**
   * Goes on after the rows of a change were written: keeps how the blocks were scanned that become
   * final, before their rows go.
   */
  void settle(DSLContext tx, @Nullable CheckpointRecord before, Change change) {
    boolean moved =
        before == null || change.finality().finalized().number() > before.getFinalizedNumber();
    skipped = moved ? coverage.settle(tx, change) : 0;
    boolean changed =
        change.unwindAbove().isPresent()
            || change.blocks().stream().anyMatch(block -> !block.events().isEmpty());
    newest = changed ? digests.at(tx, Long.MAX_VALUE) : null;
  }

  /** Shows what a snapshot of the store says. */
  void loaded(DSLContext tx, CheckpointRecord checkpoint) {
    StateDigest digest = digests.at(tx, Long.MAX_VALUE);
    metrics.digest(digest.block(), digest.current());
    metrics.coverageGaps(coverage.gaps(tx, startBlock, checkpoint.getHeadNumber()));
  }

  /** Shows what the transaction that was committed has changed. */
  void committed() {
    if (newest != null) {
      metrics.digest(newest.block(), newest.current());
    }
    metrics.addCoverageGaps(skipped);
  }
}
