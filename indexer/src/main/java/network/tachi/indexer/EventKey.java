package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.EVENT_TEMPLATE;

import java.util.Comparator;
import network.tachi.indexer.ChainAudit.Difference;
import network.tachi.store.EventTables;
import org.jooq.Record;
import org.jooq.Table;

/**
 * The place of an event's row.
 *
 * @param block the height
 * @param logIndex the log's place in the block
 * @param table the table
 */
record EventKey(long block, int logIndex, String table) implements Comparable<EventKey> {
  private static final Comparator<EventKey> ORDER =
      Comparator.comparingLong(EventKey::block)
          .thenComparingInt(EventKey::logIndex)
          .thenComparing(EventKey::table);

  static EventKey of(Table<?> table, Record row) {
    return new EventKey(
        row.get(EventTables.column(table, EVENT_TEMPLATE.BLOCK_NUMBER)),
        row.get(EventTables.column(table, EVENT_TEMPLATE.LOG_INDEX)),
        table.getName());
  }

  Difference difference(String column, String expected, String found) {
    return new Difference(table, block, logIndex, column, expected, found);
  }

  @Override
  public int compareTo(EventKey other) {
    return ORDER.compare(this, other);
  }
}
