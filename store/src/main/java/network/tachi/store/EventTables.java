package network.tachi.store;

import static java.util.Objects.requireNonNull;
import static network.tachi.store.jooq.chain.Tables.EVENT_TEMPLATE;

import java.util.Arrays;
import java.util.List;
import network.tachi.store.jooq.projection.Projection;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.Table;
import org.jooq.TableOptions.TableType;

/** All tables of the projection that hold one row an event. */
public final class EventTables {
  private static final List<Table<?>> ALL =
      Projection.PROJECTION.getTables().stream()
          .filter(table -> table.getTableType() == TableType.TABLE)
          .filter(table -> table.field(EVENT_TEMPLATE.LOG_INDEX.getName()) != null)
          .toList();

  private EventTables() {}

  /** The tables; new ones of later migrations are among them by themselves. */
  public static List<Table<?>> all() {
    return ALL;
  }

  /** The column of an event table that is this column of {@code event_template}. */
  public static <T> Field<T> column(Table<?> table, Field<T> templateColumn) {
    return requireNonNull(table.field(templateColumn));
  }

  /**
   * Deletes the events of a chain above a block, in one round trip.
   *
   * @return the number of rows deleted
   */
  public static int deleteAbove(DSLContext tx, long chainId, long block) {
    List<Query> deletes =
        ALL.stream()
            .<Query>map(table ->
                tx.deleteFrom(table)
                    .where(column(table, EVENT_TEMPLATE.CHAIN_ID).eq(chainId))
                    .and(column(table, EVENT_TEMPLATE.BLOCK_NUMBER).gt(block)))
            .toList();
    return Arrays.stream(tx.batch(deletes).execute()).sum();
  }
}
