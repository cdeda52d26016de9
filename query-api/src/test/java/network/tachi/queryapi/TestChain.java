package network.tachi.queryapi;

import static network.tachi.store.jooq.chain.Tables.BLOCK;
import static network.tachi.store.jooq.chain.Tables.CHECKPOINT;
import static network.tachi.store.jooq.chain.Tables.EVENT_TEMPLATE;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.store.Database;
import network.tachi.store.EventTables;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.TableField;

/**
 * Writes a chain as the indexer does: the rows of a block and the checkpoint in one transaction.
 * Blocks are 2 s apart, the third last block is safe, the fifth last final.
 */
final class TestChain {
  static final long GENESIS_TIME = 1_700_000_000;
  private static final Address CONTRACT =
      Address.parse("0x00000000000000000000000000000000000000cc");

  private final Database indexer;
  private final ChainId chain;
  private long head = -1;
  private int forks;

  TestChain(Database indexer, ChainId chain) {
    this.indexer = indexer;
    this.chain = chain;
  }

  /** A block being filled. */
  final class Block {
    private final DSLContext tx;
    private final long number;
    private int logIndex;

    private Block(DSLContext tx, long number) {
      this.tx = tx;
      this.number = number;
    }

    long number() {
      return number;
    }

    /** Adds an event. */
    Event event(Table<?> table) {
      return new Event(this, table);
    }
  }

  /** An event being filled. */
  final class Event {
    private final Block block;
    private final Table<?> table;
    private final Map<Field<?>, Object> values = new HashMap<>();

    private Event(Block block, Table<?> table) {
      this.block = block;
      this.table = table;
    }

    <T> Event set(TableField<?, T> field, T value) {
      values.put(field, value);
      return this;
    }

    /** Inserts the event and returns the hash of its transaction. */
    Hash emit() {
      int logIndex = block.logIndex++;
      Hash txHash = Keccak.hash("tx " + chain + " " + forks + " " + block.number + " " + logIndex);
      put(EVENT_TEMPLATE.CHAIN_ID, chain.value());
      put(EVENT_TEMPLATE.BLOCK_NUMBER, block.number);
      put(EVENT_TEMPLATE.LOG_INDEX, logIndex);
      put(EVENT_TEMPLATE.BLOCK_HASH, hash(block.number));
      put(EVENT_TEMPLATE.BLOCK_TIMESTAMP, time(block.number));
      put(EVENT_TEMPLATE.TX_HASH, txHash);
      put(EVENT_TEMPLATE.TX_INDEX, logIndex);
      put(EVENT_TEMPLATE.CONTRACT, CONTRACT);
      block.tx.insertInto(table).set(values).execute();
      return txHash;
    }

    private <T> void put(Field<T> template, T value) {
      values.put(EventTables.column(table, template), value);
    }
  }

  long head() {
    return head;
  }

  Hash hash(long number) {
    return Keccak.hash("block " + chain + " " + forks + " " + number);
  }

  static long time(long number) {
    return GENESIS_TIME + 2 * number;
  }

  /** Commits the next block. */
  void block(Consumer<Block> events) {
    indexer.run(tx -> {
      long number = head + 1;
      tx.insertInto(BLOCK)
          .set(BLOCK.CHAIN_ID, chain.value())
          .set(BLOCK.NUMBER, number)
          .set(BLOCK.HASH, hash(number))
          .set(BLOCK.PARENT_HASH, hash(number - 1))
          .set(BLOCK.TIMESTAMP, time(number))
          .set(BLOCK.VERIFICATION, "receipts")
          .execute();
      events.accept(new Block(tx, number));
      checkpoint(tx, number);
    });
    head++;
  }

  /** Commits the next block and returns what its filling gives. */
  <T> T mine(Function<Block, T> events) {
    AtomicReference<T> result = new AtomicReference<>();
    block(block -> result.set(events.apply(block)));
    return result.get();
  }

  /** Undoes all blocks above a block and commits another in their place. */
  void fork(long ancestor, Consumer<Block> events) {
    forks++;
    indexer.run(tx -> {
      EventTables.deleteAbove(tx, chain.value(), ancestor);
      tx.deleteFrom(BLOCK)
          .where(BLOCK.CHAIN_ID.eq(chain.value()))
          .and(BLOCK.NUMBER.gt(ancestor))
          .execute();
      long number = ancestor + 1;
      tx.insertInto(BLOCK)
          .set(BLOCK.CHAIN_ID, chain.value())
          .set(BLOCK.NUMBER, number)
          .set(BLOCK.HASH, hash(number))
          .set(BLOCK.PARENT_HASH, hash(ancestor))
          .set(BLOCK.TIMESTAMP, time(number))
          .set(BLOCK.VERIFICATION, "receipts")
          .execute();
      events.accept(new Block(tx, number));
      checkpoint(tx, number);
    });
    head = ancestor + 1;
  }

  private void checkpoint(DSLContext tx, long number) {
    long safe = Math.max(0, number - 2);
    long finalized = Math.max(0, number - 4);
    tx.insertInto(CHECKPOINT)
        .set(CHECKPOINT.CHAIN_ID, chain.value())
        .set(CHECKPOINT.GENESIS_HASH, Keccak.hash("genesis " + chain))
        .set(CHECKPOINT.HEAD_NUMBER, number)
        .set(CHECKPOINT.HEAD_HASH, hash(number))
        .set(CHECKPOINT.HEAD_TIMESTAMP, time(number))
        .set(CHECKPOINT.SAFE_NUMBER, safe)
        .set(CHECKPOINT.SAFE_HASH, hash(safe))
        .set(CHECKPOINT.FINALIZED_NUMBER, finalized)
        .set(CHECKPOINT.FINALIZED_HASH, hash(finalized))
        .set(CHECKPOINT.FEED_SEQ, number + 1)
        .set(CHECKPOINT.LEASE_EPOCH, 1L)
        .set(CHECKPOINT.UPDATED_AT, Instant.ofEpochSecond(time(number)))
        .onConflict(CHECKPOINT.CHAIN_ID)
        .doUpdate()
        .setAllToExcluded()
        .execute();
  }
}
