package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.BLOCK;
import static network.tachi.store.jooq.chain.Tables.CHECKPOINT;
import static network.tachi.store.jooq.chain.Tables.HISTORY;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.store.jooq.chain.tables.records.CheckpointRecord;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.TableRecord;
import org.jspecify.annotations.Nullable;

/**
 * What is derived from the event rows of a chain, and written in the transaction of the rows: the
 * state digest of each block with events, the ledger of what was scanned, and the versions of what
 * the events change. A chain that an older version indexed is derived once, from the rows that are
 * there.
 */
final class History {
  private static final System.Logger LOG = System.getLogger(History.class.getName());

  /** Goes up when something else or something more is derived. */
  private static final int VERSION = 3;

  private final ChainId chain;
  private final long startBlock;
  private final CoverageLedger coverage;
  private final StateVersions versions;
  private final IndexerMetrics metrics;

  /** What the transaction under way has made of the digest and the ledger. */
  private @Nullable StateDigest newest;

  private long skipped;

  History(ChainId chain, long startBlock, IndexerMetrics metrics) {
    this.chain = chain;
    this.startBlock = startBlock;
    this.coverage = new CoverageLedger(chain);
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
    StateDigest digest = StateDigest.empty(chain, checkpoint.getGenesisHash());
    new StoredEvents(tx, chain)
        .visitPages(0, checkpoint.getHeadNumber(), page -> derive(tx, digest, page));
    coverage.derive(tx, checkpoint.getFinalizedNumber());
    markDerived(tx);
  }

  private void derive(DSLContext tx, StateDigest digest, List<StoredEvents.StoredBlock> page) {
    List<Query> updates = new ArrayList<>();
    for (StoredEvents.StoredBlock block : page) {
      if (!block.rows().isEmpty()) {
        updates.add(
            tx.update(BLOCK)
                .set(BLOCK.DIGEST, digest.next(block.point().id(), block.rows()))
                .where(BLOCK.CHAIN_ID.eq(chain.value()))
                .and(BLOCK.NUMBER.eq(block.point().number())));
      }
    }
    tx.batch(updates).execute();
    versions.write(
        tx,
        page.stream().map(StoredEvents.StoredBlock::point).toList(),
        page.stream().<TableRecord<?>>flatMap(block -> block.rows().stream()).toList());
  }

  /** Says that the chain is derived, as it is when its first block is written by this version. */
  void markDerived(DSLContext tx) {
    tx.insertInto(HISTORY)
        .set(HISTORY.CHAIN_ID, chain.value())
        .set(HISTORY.VERSION, VERSION)
        .onConflict(HISTORY.CHAIN_ID)
        .doUpdate()
        .set(HISTORY.VERSION, VERSION)
        .execute();
  }

  /** Takes back what blocks above a height have changed. */
  void unwind(DSLContext tx, long above) {
    versions.unwind(tx, above);
  }

  /**
   * Adds what blocks on top change.
   *
   * @return the heights of those that must be kept though they hold no event
   */
  Set<Long> writeVersions(DSLContext tx, List<BlockRows> blocks) {
    return versions.write(
        tx,
        blocks.stream().map(BlockRows::point).toList(),
        blocks.stream().<TableRecord<?>>flatMap(block -> block.rows().stream()).toList());
  }

  /** Of the rows of blocks that may go when they are final. */
  Condition mayGo() {
    return BLOCK.LOG_COUNT.eq(0).and(versions.isNoVersion());
  }

  /**
   * The digests after the blocks that come on top of what the store holds, by their height; none
   * for blocks without events. What is unwound must be gone.
   */
  Map<Long, Hash> digests(DSLContext tx, Change change, List<BlockRows> blocks) {
    Map<Long, Hash> digests = new HashMap<>();
    newest = null;
    if (change.unwindAbove().isEmpty()
        && blocks.stream().allMatch(block -> block.rows().isEmpty())) {
      return digests;
    }
    StateDigest digest = StateDigest.stored(tx, chain, change.genesis(), Long.MAX_VALUE);
    for (BlockRows block : blocks) {
      if (!block.rows().isEmpty()) {
        digests.put(block.point().number(), digest.next(block.point().id(), block.rows()));
      }
    }
    newest = digest;
    return digests;
  }

  /** Keeps how the blocks were scanned that become final, before their rows go. */
  void settle(DSLContext tx, @Nullable CheckpointRecord before, Change change) {
    boolean moved =
        before == null || change.finality().finalized().number() > before.getFinalizedNumber();
    skipped = moved ? coverage.settle(tx, change) : 0;
  }

  /** Shows what a snapshot of the store says. */
  void loaded(DSLContext tx, CheckpointRecord checkpoint) {
    StateDigest digest = StateDigest.stored(tx, chain, checkpoint.getGenesisHash(), Long.MAX_VALUE);
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
