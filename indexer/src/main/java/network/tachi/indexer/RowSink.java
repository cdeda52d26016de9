package network.tachi.indexer;

import java.math.BigInteger;
import java.util.List;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;
import org.jooq.Table;
import org.jooq.TableField;

/**
 * Takes the rows of events, column by column in the order of their table. A row begins with the
 * columns of the event template, which the sink writes itself.
 */
interface RowSink {
  /** Says where the event of the next row stands. */
  RowSink at(EventPosition position);

  /** Begins a row. */
  RowSink row(Table<?> table);

  /** Writes a column. */
  RowSink with(TableField<?, Hash> column, Hash value);

  /** Writes a column. */
  RowSink with(TableField<?, Bytes> column, Bytes value);

  /** Writes a column. */
  RowSink with(TableField<?, Address> column, Address value);

  /** Writes a column. */
  RowSink with(TableField<?, UsdcAmount> column, UsdcAmount value);

  /** Writes a column. */
  RowSink with(TableField<?, BigInteger> column, BigInteger value);

  /** Writes a column. */
  RowSink with(TableField<?, String> column, String value);

  /** Writes a column. */
  RowSink with(TableField<?, Long> column, long value);

  /** Writes a column. */
  RowSink with(TableField<?, Integer> column, int value);

  /** Writes a column. */
  RowSink with(TableField<?, Short> column, short value);

  /** Writes a column of many. */
  RowSink hashes(TableField<?, List<Hash>> column, List<Hash> values);

  /** Writes a column of many. */
  RowSink addresses(TableField<?, List<Address>> column, List<Address> values);
}
