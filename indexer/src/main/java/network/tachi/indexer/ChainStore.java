package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.BLOCK;
import static network.tachi.store.jooq.chain.Tables.BLOCK_LOGS;
import static network.tachi.store.jooq.chain.Tables.CHECKPOINT;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import network.tachi.evm.ChainId;
import network.tachi.store.CopyRows;
import network.tachi.store.Database;
import network.tachi.store.ProjectionSchema;
import network.tachi.store.jooq.chain.tables.records.BlockLogsRecord;
import network.tachi.store.jooq.chain.tables.records.BlockRecord;
import network.tachi.store.jooq.chain.tables.records.CheckpointRecord;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * One chain in the store. A change is one transaction: it begins with a check that the store is
 * where the change begins, and ends with a check that this process is still the chain's writer.
 */
final class ChainStore {
  /** The channel on which each commit is announced. */
  static final String CHANNEL = "tachi_chain";

  private final ChainId chain;
  private final Database database;
  private final WriterLease lease;
  private final IndexerMetrics metrics;
  private final CommitStage.Probe probe;
  private final FollowedContractRows contracts;
  private final History history;
  private final Projections projections;
  private final CopyRows blockRows = new CopyRows(BLOCK);
  private final CopyRows logRows = new CopyRows(BLOCK_LOGS);

  /** Whether the store says that exactly these contracts are followed. */
  private boolean contractsStored;

  ChainStore(
      IndexedChain indexed,
      Database database,
      WriterLease lease,
      IndexerMetrics metrics,
      CommitStage.Probe probe) {
    this.chain = indexed.id();
    this.contracts = new FollowedContractRows(chain, indexed.contracts());
    this.history = new History(chain, indexed.startBlock(), metrics);
    this.projections = new Projections(chain);
    this.database = database;
    this.lease = lease;
    this.metrics = metrics;
    this.probe = probe;
  }

  /**
   * What the store holds; empty if it does not know the chain. What an older version did not derive
   * is derived first.
   *
   * @throws ContractAddedException if a contract was not followed in the blocks that are indexed
   * @throws LeaseLostException if another process writes the chain now
   * @throws DataAccessException if the database fails
   */
  Optional<StoredChain> load() {
    if (history.isMissing(ProjectionSchema.onLive(database.dsl()))) {
      database.run(tx -> {
        long epoch = lease.begin(tx);
        history.derive(ProjectionSchema.onLive(tx));
        lease.require(tx, epoch);
      });
    }
    return snapshot(tx ->
        tx.fetchOptional(CHECKPOINT, CHECKPOINT.CHAIN_ID.eq(chain.value()))
            .map(row -> {
              contractsStored = contracts.areStored(tx, row.getHeadNumber());
              history.loaded(tx, row);
              return load(tx, row);
            }));
  }

  /**
   * What the store holds now, given what it held before; reads only what is new, if that stands on
   * top of what was there.
   *
   * @return empty if it does not, so that everything has to be loaded
   * @throws DataAccessException if the database fails
   */
  Optional<IndexedState> loadAfter(IndexedState known) {
    return snapshot(tx ->
        tx.fetchOptional(CHECKPOINT, CHECKPOINT.CHAIN_ID.eq(chain.value()))
            .flatMap(row -> {
              Finality finality = finality(row);
              if (known.stored().equals(Optional.of(head(row)))) {
                return Optional.of(known.with(finality));
              }
              return known.with(head(row), blocks(tx, known.tipNumber()), finality);
            }));
  }

  private <T> T snapshot(Function<DSLContext, T> work) {
    return database.snapshot(tx -> work.apply(ProjectionSchema.onLive(tx)));
  }

  private StoredChain load(DSLContext tx, CheckpointRecord row) {
    return new StoredChain(
        row.getGenesisHash(), head(row), finality(row), blocks(tx, row.getFinalizedNumber()));
  }

  private List<BlockPoint> blocks(DSLContext tx, long from) {
    return tx.selectFrom(BLOCK)
        .where(BLOCK.CHAIN_ID.eq(chain.value()))
        .and(BLOCK.NUMBER.ge(from))
        .orderBy(BLOCK.NUMBER)
        .fetch(block ->
            new BlockPoint(
                block.getNumber(), block.getHash(), block.getParentHash(), block.getTimestamp()));
  }

  private static Finality finality(CheckpointRecord row) {
    return new Finality(
        new BlockId(row.getSafeNumber(), row.getSafeHash()),
        new BlockId(row.getFinalizedNumber(), row.getFinalizedHash()));
  }

  private static BlockId head(CheckpointRecord row) {
    return new BlockId(row.getHeadNumber(), row.getHeadHash());
  }

  /**
   * Makes a change and announces it.
   *
   * @throws StaleCheckpointException if the store is not where the change begins
   * @throws LeaseLostException if another process writes the chain now
   * @throws DataAccessException if the database fails; whether the change was made is not known
   *     then
   */
  void commit(Change change) {
    long start = System.nanoTime();
    database.run(tx -> write(tx, change));
    contractsStored = true;
    history.committed();
    metrics.committed(change, Duration.ofNanos(System.nanoTime() - start));
    probe.reached(CommitStage.COMMITTED);
  }

  private void write(DSLContext transaction, Change change) {
    long epoch = lease.begin(transaction);
    CheckpointRecord before = lockCheckpoint(transaction, change.before());
    DSLContext tx = projections.begin(transaction);
    probe.reached(CommitStage.BEGUN);
    if (change.unwindAbove().isPresent()) {
      unwind(tx, change.unwindAbove().getAsLong());
      probe.reached(CommitStage.UNWOUND);
    }
    Set<Long> kept = projections.write(tx, change.blocks());
    insertBlocks(tx, change, kept);
    history.settle(tx, before, change);
    if (before == null) {
      history.markDerived(tx);
    } else {
      dropSettledBlocks(tx, before.getFinalizedNumber(), change.finality());
    }
    if (!contractsStored) {
      contracts.write(tx);
    }
    probe.reached(CommitStage.ROWS_WRITTEN);
    long sequence =
        new FeedRows(chain, tx, epoch, before == null ? 0 : before.getFeedSeq()).append(change);
    writeCheckpoint(tx, change, before, epoch, sequence);
    tx.execute("SELECT pg_notify(?, ?)", CHANNEL, notice(change, sequence));
    lease.require(tx, epoch);
    probe.reached(CommitStage.CHECKPOINT_WRITTEN);
  }

  private @Nullable CheckpointRecord lockCheckpoint(DSLContext tx, Optional<BlockId> expected) {
    CheckpointRecord row =
        tx.selectFrom(CHECKPOINT)
            .where(CHECKPOINT.CHAIN_ID.eq(chain.value()))
            .forUpdate()
            .fetchOne();
    Optional<BlockId> found = Optional.ofNullable(row).map(ChainStore::head);
    if (!found.equals(expected)) {
      throw new StaleCheckpointException(chain, expected, found);
    }
    return row;
  }

  private void unwind(DSLContext tx, long above) {
    projections.unwind(tx, above);
    tx.batch(
            tx.deleteFrom(BLOCK)
                .where(BLOCK.CHAIN_ID.eq(chain.value()))
                .and(BLOCK.NUMBER.gt(above)),
            tx.deleteFrom(BLOCK_LOGS)
                .where(BLOCK_LOGS.CHAIN_ID.eq(chain.value()))
                .and(BLOCK_LOGS.NUMBER.gt(above)))
        .execute();
  }

  /**
   * Blocks that are final already are kept only if they hold events, or if their time has changed
   * something. Logs are kept for good.
   */
  private void insertBlocks(DSLContext tx, Change change, Set<Long> kept) {
    blockRows.clear();
    logRows.clear();
    long finalized = change.finality().finalized().number();
    for (VerifiedBlock block : change.blocks()) {
      long number = block.point().number();
      if (number >= finalized || !block.events().isEmpty() || kept.contains(number)) {
        blockRows.add(row(block));
      }
      if (!block.logs().isEmpty()) {
        logRows.add(logs(block));
      }
    }
    blockRows.flush(tx);
    logRows.flush(tx);
  }

  private BlockRecord row(VerifiedBlock block) {
    BlockPoint point = block.point();
    return new BlockRecord()
        .with(BLOCK.CHAIN_ID, chain.value())
        .with(BLOCK.NUMBER, point.number())
        .with(BLOCK.HASH, point.hash())
        .with(BLOCK.PARENT_HASH, point.parentHash())
        .with(BLOCK.TIMESTAMP, point.timestamp())
        .with(BLOCK.VERIFICATION, block.verifiedBy().column())
        .with(BLOCK.LOG_COUNT, block.events().size());
  }

  private BlockLogsRecord logs(VerifiedBlock block) {
    return new BlockLogsRecord()
        .with(BLOCK_LOGS.CHAIN_ID, chain.value())
        .with(BLOCK_LOGS.NUMBER, block.point().number())
        .with(BLOCK_LOGS.BLOCK_HASH, block.point().hash())
        .with(BLOCK_LOGS.TIMESTAMP, block.point().timestamp())
        .with(BLOCK_LOGS.LOGS, block.logs());
  }

  private void dropSettledBlocks(DSLContext tx, long from, Finality finality) {
    if (finality.finalized().number() > from) {
      tx.deleteFrom(BLOCK)
          .where(BLOCK.CHAIN_ID.eq(chain.value()))
          .and(BLOCK.NUMBER.ge(from))
          .and(BLOCK.NUMBER.lt(finality.finalized().number()))
          .and(projections.mayGo())
          .execute();
    }
  }

  private void writeCheckpoint(
      DSLContext tx, Change change, @Nullable CheckpointRecord before, long epoch, long sequence) {
    CheckpointRecord row =
        new CheckpointRecord()
            .with(CHECKPOINT.CHAIN_ID, chain.value())
            .with(CHECKPOINT.GENESIS_HASH, change.genesis())
            .with(CHECKPOINT.HEAD_NUMBER, change.after().number())
            .with(CHECKPOINT.HEAD_HASH, change.after().hash())
            .with(CHECKPOINT.HEAD_TIMESTAMP, change.after().timestamp())
            .with(CHECKPOINT.SAFE_NUMBER, change.finality().safe().number())
            .with(CHECKPOINT.SAFE_HASH, change.finality().safe().hash())
            .with(CHECKPOINT.FINALIZED_NUMBER, change.finality().finalized().number())
            .with(CHECKPOINT.FINALIZED_HASH, change.finality().finalized().hash())
            .with(CHECKPOINT.FEED_SEQ, sequence)
            .with(CHECKPOINT.LEASE_EPOCH, epoch);
    if (before == null) {
      tx.insertInto(CHECKPOINT)
          .set(row)
          .set(CHECKPOINT.UPDATED_AT, now(CHECKPOINT.UPDATED_AT))
          .execute();
    } else {
      tx.update(CHECKPOINT)
          .set(row)
          .set(CHECKPOINT.UPDATED_AT, now(CHECKPOINT.UPDATED_AT))
          .where(CHECKPOINT.CHAIN_ID.eq(chain.value()))
          .execute();
    }
  }

  /** When the transaction began, by the database's clock. */
  private static Field<Instant> now(Field<Instant> column) {
    return DSL.field("now()", column.getDataType());
  }

  private String notice(Change change, long sequence) {
    return "{\"chainId\":%s,\"seq\":%d,\"head\":%d}"
        .formatted(chain, sequence, change.after().number());
  }
}
