package network.tachi.indexer;

import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;
import org.jooq.Table;
import org.jooq.TableField;
import org.jspecify.annotations.Nullable;

/** Turns the rows of events into their canonical bytes, without a record between. */
final class DigestSink implements RowSink {
  private final CanonicalBytes bytes;
  private @Nullable EventPosition position;

  /** Writes there. */
  DigestSink(CanonicalBytes bytes) {
    this.bytes = bytes;
  }

  @Override
  public RowSink at(EventPosition newPosition) {
    position = newPosition;
    return this;
  }

  @Override
  public RowSink row(Table<?> table) {
    EventPosition place = Objects.requireNonNull(position);
    bytes.text(table.getName());
    bytes.word(place.logIndex());
    bytes.hash(place.block().hash());
    bytes.word(place.block().timestamp());
    bytes.hash(place.transaction());
    bytes.word(place.transactionIndex());
    bytes.address(place.contract());
    return this;
  }

  @Override
  public RowSink with(TableField<?, Hash> column, Hash value) {
    bytes.hash(value);
    return this;
  }

  @Override
  public RowSink with(TableField<?, Bytes> column, Bytes value) {
    bytes.bytes(value);
    return this;
  }

  @Override
  public RowSink with(TableField<?, Address> column, Address value) {
    bytes.address(value);
    return this;
  }

  @Override
  public RowSink with(TableField<?, UsdcAmount> column, UsdcAmount value) {
    bytes.amount(value);
    return this;
  }

  @Override
  public RowSink with(TableField<?, BigInteger> column, BigInteger value) {
    bytes.word(value);
    return this;
  }

  @Override
  public RowSink with(TableField<?, String> column, String value) {
    bytes.text(value);
    return this;
  }

  @Override
  public RowSink with(TableField<?, Long> column, long value) {
    bytes.word(value);
    return this;
  }

  @Override
  public RowSink with(TableField<?, Integer> column, int value) {
    bytes.word(value);
    return this;
  }

  @Override
  public RowSink with(TableField<?, Short> column, short value) {
    bytes.word(value);
    return this;
  }

  @Override
  public RowSink hashes(TableField<?, List<Hash>> column, List<Hash> values) {
    bytes.word(values.size());
    values.forEach(bytes::hash);
    return this;
  }

  @Override
  public RowSink addresses(TableField<?, List<Address>> column, List<Address> values) {
    bytes.word(values.size());
    values.forEach(bytes::address);
    return this;
  }
}
