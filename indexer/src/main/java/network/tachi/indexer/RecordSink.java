package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.EVENT_TEMPLATE;

import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.TableRecord;
import org.jspecify.annotations.Nullable;

/** Makes a record of one event's row, to be looked at rather than written. */
final class RecordSink implements RowSink {
  private @Nullable EventPosition position;
  private @Nullable TableRecord<?> row;

  /** The row. */
  TableRecord<?> row() {
    return Objects.requireNonNull(row);
  }

  @Override
  public RowSink at(EventPosition newPosition) {
    position = newPosition;
    return this;
  }

  @Override
  public RowSink row(Table<?> table) {
    EventPosition place = Objects.requireNonNull(position);
    row = (TableRecord<?>) table.newRecord();
    return set(EVENT_TEMPLATE.CHAIN_ID, place.chain().value())
        .set(EVENT_TEMPLATE.BLOCK_NUMBER, place.block().number())
        .set(EVENT_TEMPLATE.LOG_INDEX, place.logIndex())
        .set(EVENT_TEMPLATE.BLOCK_HASH, place.block().hash())
        .set(EVENT_TEMPLATE.BLOCK_TIMESTAMP, place.block().timestamp())
        .set(EVENT_TEMPLATE.TX_HASH, place.transaction())
        .set(EVENT_TEMPLATE.TX_INDEX, place.transactionIndex())
        .set(EVENT_TEMPLATE.CONTRACT, place.contract());
  }

  private <T> RecordSink set(TableField<?, T> column, T value) {
    row().set(column, value);
    return this;
  }

  @Override
  public RowSink with(TableField<?, Hash> column, Hash value) {
    return set(column, value);
  }

  @Override
  public RowSink with(TableField<?, Bytes> column, Bytes value) {
    return set(column, value);
  }

  @Override
  public RowSink with(TableField<?, Address> column, Address value) {
    return set(column, value);
  }

  @Override
  public RowSink with(TableField<?, UsdcAmount> column, UsdcAmount value) {
    return set(column, value);
  }

  @Override
  public RowSink with(TableField<?, BigInteger> column, BigInteger value) {
    return set(column, value);
  }

  @Override
  public RowSink with(TableField<?, String> column, String value) {
    return set(column, value);
  }

  @Override
  public RowSink with(TableField<?, Long> column, long value) {
    return set(column, value);
  }

  @Override
  public RowSink with(TableField<?, Integer> column, int value) {
    return set(column, value);
  }

  @Override
  public RowSink with(TableField<?, Short> column, short value) {
    return set(column, value);
  }

  @Override
  public RowSink hashes(TableField<?, List<Hash>> column, List<Hash> values) {
    return set(column, values);
  }

  @Override
  public RowSink addresses(TableField<?, List<Address>> column, List<Address> values) {
    return set(column, values);
  }
}
