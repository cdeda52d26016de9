package network.tachi.indexer;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.Uint256;
import network.tachi.evm.UsdcAmount;
import network.tachi.store.ChainTextConverter;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * The canonical bytes of event rows (docs/indexer.md): the same whether a row is about to be
 * written or was read from its table. Confined to one thread.
 */
final class CanonicalRow {
  private static final int INITIAL_SIZE = 4_096;

  /** The chain and the height come first in each table and are not part of the bytes. */
  private static final int FIRST_COLUMN = 2;

  private byte[] bytes = new byte[INITIAL_SIZE];
  private int size;

  /** Forgets what was put. */
  CanonicalRow clear() {
    size = 0;
    return this;
  }

  /** Adds a row of an event table: the table's name and its columns in their order. */
  CanonicalRow row(Table<?> table, Record row) {
    text(table.getName());
    for (int column = FIRST_COLUMN; column < row.size(); column++) {
      Object value = row.get(column);
      if (value == null) {
        throw new IllegalArgumentException(
            "%s.%s is null".formatted(table.getName(), row.field(column)));
      }
      value(value);
    }
    return this;
  }

  private void value(@Nullable Object value) {
    switch (value) {
      case Long number -> word(number);
      case Integer number -> word(number);
      case Short number -> word(number);
      case UsdcAmount amount -> hash(amount.toWord());
      case Hash hash -> hash(hash);
      case Address address -> hash(address.toWord());
      case BigInteger number -> put(Uint256.toBytes(number));
      case String text -> text(text);
      case List<?> items -> {
        word(items.size());
        items.forEach(this::value);
      }
      case null, default ->
          throw new IllegalArgumentException("a value without canonical form: " + value);
    }
  }

  /** Adds a hash. */
  CanonicalRow hash(Hash hash) {
    reserve(Hash.SIZE);
    hash.writeTo(bytes, size);
    size += Hash.SIZE;
    return this;
  }

  /** Adds a number as a word of 32 bytes. */
  CanonicalRow word(long number) {
    return hash(Hash.ofUint(number));
  }

  private void text(String text) {
    byte[] utf8 = ChainTextConverter.storable(text).getBytes(StandardCharsets.UTF_8);
    word(utf8.length);
    put(utf8);
  }

  private void put(byte[] more) {
    reserve(more.length);
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
  }

  private void reserve(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
    }
  }

  /** The hash of what was put. */
  Hash keccak() {
    return Keccak.hash(bytes, 0, size);
  }
}
