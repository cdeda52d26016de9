package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.BLOCK;
import static network.tachi.store.jooq.chain.Tables.CHECKPOINT;
import static network.tachi.store.jooq.chain.Tables.HISTORY;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.store.jooq.chain.tables.records.CheckpointRecord;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jspecify.annotations.Nullable;

/**
 * What is derived from the event rows of a chain, and written in the transaction of the rows: the
 * state digest of each block with events, and the ledger of what was scanned. A chain that an older
 * version indexed is derived once, from the rows that are there.
 */
final class History {
  private static final System.Logger LOG = System.getLogger(History.class.getName());

  /** Goes up when something else or something more is derived. */
  private static final int VERSION = 2;

  private static final int UPDATES_AT_ONCE = 1_000;

  private final ChainId chain;
  private final long startBlock;
  private final CoverageLedger coverage;
  private final IndexerMetrics metrics;

  /** What the transaction under way has made of the digest and the ledger. */
  private @Nullable StateDigest newest;

  private long skipped;

  History(ChainId chain, long startBlock, IndexerMetrics metrics) {
    this.chain = chain;
    this.startBlock = startBlock;
    this.coverage = new CoverageLedger(chain);
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
        "chain {0}: deriving digests and coverage of what is indexed up to block {1}",
        chain,
        checkpoint.getHeadNumber());
    StateDigest digest = StateDigest.empty(chain, checkpoint.getGenesisHash());
    List<Query> updates = new ArrayList<>();
    new StoredEvents(tx, chain)
        .visit(
            0,
            checkpoint.getHeadNumber(),
            (block, rows) -> {
              if (!rows.isEmpty()) {
                Hash next = digest.next(new BlockId(block.getNumber(), block.getHash()), rows);
                updates.add(
                    tx.update(BLOCK)
                        .set(BLOCK.DIGEST, next)
                        .where(BLOCK.CHAIN_ID.eq(chain.value()))
                        .and(BLOCK.NUMBER.eq(block.getNumber())));
              }
              if (updates.size() >= UPDATES_AT_ONCE) {
                tx.batch(updates).execute();
                updates.clear();
              }
            });
    tx.batch(updates).execute();
    coverage.derive(tx, checkpoint.getFinalizedNumber());
    markDerived(tx);
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
