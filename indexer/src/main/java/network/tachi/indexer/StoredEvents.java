package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.BLOCK;
import static network.tachi.store.jooq.chain.Tables.EVENT_TEMPLATE;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import network.tachi.evm.ChainId;
import network.tachi.store.EventTables;
import network.tachi.store.jooq.chain.tables.records.BlockRecord;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableRecord;

/** The event rows of a chain as the store has them, across all tables. */
final class StoredEvents {
  private static final int BLOCKS_PER_PAGE = 1_000;
  private static final int ROWS_PER_PAGE = 20_000;

  private final DSLContext tx;
  private final ChainId chain;

  StoredEvents(DSLContext tx, ChainId chain) {
    this.tx = tx;
    this.chain = chain;
  }

  /**
   * A block that is in the store.
   *
   * @param point the block
   * @param row its row
   * @param rows the rows of its events in the order of the chain; none if it holds none
   */
  record StoredBlock(BlockPoint point, BlockRecord row, List<TableRecord<?>> rows) {
    static StoredBlock of(BlockRecord row, List<TableRecord<?>> rows) {
      BlockPoint point =
          new BlockPoint(row.getNumber(), row.getHash(), row.getParentHash(), row.getTimestamp());
      return new StoredBlock(point, row, List.copyOf(rows));
    }
  }

  /** The rows of a range of blocks by their place, of whatever blocks they say they are. */
  NavigableMap<EventKey, TableRecord<?>> rows(long from, long to) {
    NavigableMap<EventKey, TableRecord<?>> rows = new TreeMap<>();
    for (Table<?> table : EventTables.all()) {
      tx.selectFrom(table)
          .where(EventTables.column(table, EVENT_TEMPLATE.CHAIN_ID).eq(chain.value()))
          .and(EventTables.column(table, EVENT_TEMPLATE.BLOCK_NUMBER).between(from, to))
          .forEach((Record row) -> rows.put(EventKey.of(table, row), (TableRecord<?>) row));
    }
    return rows;
  }

  /** Visits the blocks of a range that the store keeps, ascending, some thousand rows at a time. */
  void visitPages(long from, long to, Consumer<List<StoredBlock>> visitor) {
    for (long next = from; next <= to; ) {
      List<BlockRecord> page = page(next, to);
      if (page.isEmpty()) {
        return;
      }
      long last = page.getLast().getNumber();
      Map<Long, List<TableRecord<?>>> rows = new HashMap<>();
      rows(page.getFirst().getNumber(), last)
          .forEach(
              (key, row) -> rows.computeIfAbsent(key.block(), _ -> new ArrayList<>()).add(row));
      visitor.accept(
          page.stream()
              .map(block -> StoredBlock.of(block, rows.getOrDefault(block.getNumber(), List.of())))
              .toList());
      next = last + 1;
    }
  }

  /** The next blocks that together hold no more rows than a page, but at least one. */
  private List<BlockRecord> page(long from, long to) {
    List<BlockRecord> blocks =
        tx.selectFrom(BLOCK)
            .where(BLOCK.CHAIN_ID.eq(chain.value()))
            .and(BLOCK.NUMBER.between(from, to))
            .orderBy(BLOCK.NUMBER)
            .limit(BLOCKS_PER_PAGE)
            .fetch();
    long rows = 0;
    for (int i = 0; i < blocks.size(); i++) {
      rows += blocks.get(i).getLogCount();
      if (rows > ROWS_PER_PAGE && i > 0) {
        return blocks.subList(0, i);
      }
    }
    return blocks;
  }
}
