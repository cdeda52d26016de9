package network.tachi.store;

import static network.tachi.store.jooq.chain.Tables.CHECKPOINT;
import static network.tachi.store.jooq.chain.Tables.EVENT_TEMPLATE;

import java.time.Instant;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.UsdcAmount;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.TableRecord;

/**
 * Writes event rows as the indexer does, one block after the other. Block n has timestamp 1000 n.
 */
final class ChainRows {
  static final long CHAIN = 84_532;

  private final DSLContext db;
  private long block;
  private int logIndex;

  ChainRows(DSLContext db) {
    this.db = db;
  }

  /** The next block. */
  ChainRows next() {
    block++;
    logIndex = 0;
    return this;
  }

  long block() {
    return block;
  }

  /** An event in the block. */
  <R extends TableRecord<R>> void event(Table<R> table, Object... columnsAndValues) {
    R row = db.newRecord(table);
    row.set(EVENT_TEMPLATE.CHAIN_ID, CHAIN);
    row.set(EVENT_TEMPLATE.BLOCK_NUMBER, block);
    row.set(EVENT_TEMPLATE.LOG_INDEX, logIndex++);
    row.set(EVENT_TEMPLATE.BLOCK_HASH, hash("block " + block));
    row.set(EVENT_TEMPLATE.BLOCK_TIMESTAMP, 1000 * block);
    row.set(EVENT_TEMPLATE.TX_HASH, hash("tx " + block));
    row.set(EVENT_TEMPLATE.TX_INDEX, 0);
    row.set(EVENT_TEMPLATE.CONTRACT, address("contract"));
    for (int i = 0; i < columnsAndValues.length; i += 2) {
      set(row, (Field<?>) columnsAndValues[i], columnsAndValues[i + 1]);
    }
    row.insert();
  }

  private static <T> void set(TableRecord<?> row, Field<T> field, Object value) {
    row.set(field, field.getType().cast(value));
  }

  /** Writes the checkpoint: this block is the head. */
  void head(long safe, long finalized) {
    db.deleteFrom(CHECKPOINT).execute();
    db.insertInto(CHECKPOINT)
        .set(CHECKPOINT.CHAIN_ID, CHAIN)
        .set(CHECKPOINT.GENESIS_HASH, hash("block 0"))
        .set(CHECKPOINT.HEAD_NUMBER, block)
        .set(CHECKPOINT.HEAD_HASH, hash("block " + block))
        .set(CHECKPOINT.HEAD_TIMESTAMP, 1000 * block)
        .set(CHECKPOINT.SAFE_NUMBER, safe)
        .set(CHECKPOINT.SAFE_HASH, hash("block " + safe))
        .set(CHECKPOINT.FINALIZED_NUMBER, finalized)
        .set(CHECKPOINT.FINALIZED_HASH, hash("block " + finalized))
        .set(CHECKPOINT.FEED_SEQ, 0L)
        .set(CHECKPOINT.LEASE_EPOCH, 0L)
        .set(CHECKPOINT.UPDATED_AT, Instant.EPOCH)
        .execute();
  }

  static Hash hash(String name) {
    return Keccak.hash(name);
  }

  static Address address(String name) {
    return Address.read(Keccak.hash(name).toBytes(), 0);
  }

  static UsdcAmount usdc(long atomicUnits) {
    return UsdcAmount.of(atomicUnits);
  }
}
