package network.tachi.indexer;

import java.math.BigInteger;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;
import network.tachi.store.CopyBuffer;
import network.tachi.store.CopyRows;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.TableField;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the rows of events, each table's apart, and writes each table's by one COPY. Values go
 * into the bytes of the COPY at once, without a record between. Not for use by many threads.
 */
final class CopySink implements RowSink {
  private static final int TEMPLATE_COLUMNS = 8;

  private final IdentityHashMap<Table<?>, Gathered> tables = new IdentityHashMap<>();
  private @Nullable EventPosition position;
  private @Nullable Gathered current;

  /** The rows of a table, and which column of the last one comes next. */
  private static final class Gathered {
    private final CopyRows rows;
    private final Field<?>[] columns;
    private int next;

    Gathered(Table<?> table) {
      this.rows = new CopyRows(table);
      this.columns = table.fields();
      this.next = columns.length;
    }

    void requireWhole() {
      if (next != columns.length) {
        throw new IllegalStateException(
            "a row of %s ends before %s".formatted(rows.table(), columns[next]));
      }
    }
  }

  /** Writes the rows, table by table, and forgets them. */
  void flush(DSLContext tx) {
    for (Gathered table : tables.values()) {
      table.requireWhole();
      table.rows.flush(tx);
    }
  }

  /** Forgets the rows. */
  void clear() {
    current = null;
    for (Gathered table : tables.values()) {
      table.rows.clear();
      table.next = table.columns.length;
    }
  }

  @Override
  public RowSink at(EventPosition newPosition) {
    position = newPosition;
    return this;
  }

  @Override
  public RowSink row(Table<?> table) {
    EventPosition place = Objects.requireNonNull(position);
    Gathered rows = tables.computeIfAbsent(table, Gathered::new);
    rows.requireWhole();
    rows.next = TEMPLATE_COLUMNS;
    current = rows;
    CopyBuffer buffer = rows.rows.begin();
    buffer.int64(place.chain().value());
    buffer.int64(place.block().number());
    buffer.int32(place.logIndex());
    buffer.hash(place.block().hash());
    buffer.int64(place.block().timestamp());
    buffer.hash(place.transaction());
    buffer.int32(place.transactionIndex());
    buffer.address(place.contract());
    return this;
  }

  /** Where a column's value goes, if it is that column's turn. */
  @SuppressWarnings("ReferenceEquality") // the model has one object a column; equals compares names
  private CopyBuffer column(TableField<?, ?> column) {
    Gathered rows = Objects.requireNonNull(current);
    if (rows.next == rows.columns.length || rows.columns[rows.next] != column) {
      throw new IllegalStateException(column + " is not column " + rows.next + " of its table");
    }
    rows.next++;
    return rows.rows.current();
  }

  @Override
  public RowSink with(TableField<?, Hash> column, Hash value) {
    column(column).hash(value);
    return this;
  }

  @Override
  public RowSink with(TableField<?, Bytes> column, Bytes value) {
    column(column).bytea(value);
    return this;
  }

  @Override
  public RowSink with(TableField<?, Address> column, Address value) {
    column(column).address(value);
    return this;
  }

  @Override
  public RowSink with(TableField<?, UsdcAmount> column, UsdcAmount value) {
    column(column).usdc(value);
    return this;
  }

  @Override
  public RowSink with(TableField<?, BigInteger> column, BigInteger value) {
    column(column).numeric(value);
    return this;
  }

  @Override
  public RowSink with(TableField<?, String> column, String value) {
    column(column).text(value);
    return this;
  }

  @Override
  public RowSink with(TableField<?, Long> column, long value) {
    column(column).int64(value);
    return this;
  }

  @Override
  public RowSink with(TableField<?, Integer> column, int value) {
    column(column).int32(value);
    return this;
  }

  @Override
  public RowSink with(TableField<?, Short> column, short value) {
    column(column).int16(value);
    return this;
  }

  @Override
  public RowSink hashes(TableField<?, List<Hash>> column, List<Hash> values) {
    column(column).hashes(values);
    return this;
  }

  @Override
  public RowSink addresses(TableField<?, List<Address>> column, List<Address> values) {
    column(column).addresses(values);
    return this;
  }
}
