package network.tachi.indexer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.Uint256;
import network.tachi.evm.UsdcAmount;
import network.tachi.store.ChainTextConverter;
import org.jooq.TableRecord;
import org.jspecify.annotations.Nullable;

/**
 * The canonical bytes of event rows (docs/indexer.md): the same whether a row is about to be
 * written ({@link DigestSink}) or was read from its table ({@link #row}). Confined to one thread.
 */
final class CanonicalBytes {
  private static final int INITIAL_SIZE = 4_096;

  /** The chain and the height come first in each table and are not part of the bytes. */
  private static final int FIRST_COLUMN = 2;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes = new byte[INITIAL_SIZE];
  private int size;

  /** Forgets what was put. */
  CanonicalBytes clear() {
    size = 0;
    return this;
  }

  /** Adds a row that is stored: the table's name and its columns in their order. */
  CanonicalBytes row(TableRecord<?> row) {
    text(row.getTable().getName());
    for (int column = FIRST_COLUMN; column < row.size(); column++) {
      Object value = row.get(column);
      if (value == null) {
        throw new IllegalArgumentException(
            "%s.%s is null".formatted(row.getTable().getName(), row.field(column)));
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
      case UsdcAmount amount -> amount(amount);
      case Hash hash -> hash(hash);
      case Address address -> address(address);
      case BigInteger number -> word(number);
      case String text -> text(text);
      case Bytes data -> bytes(data);
      case List<?> items -> {
        word(items.size());
        items.forEach(this::value);
      }
      case null, default ->
          throw new IllegalArgumentException("a value without canonical form: " + value);
    }
  }

  /** Adds a hash. */
  CanonicalBytes hash(Hash hash) {
    reserve(Hash.SIZE);
    hash.writeTo(bytes, size);
    size += Hash.SIZE;
    return this;
  }

  /** Adds an address as a word. */
  void address(Address address) {
    zeros(Hash.SIZE - Address.SIZE, Hash.SIZE);
    address.writeTo(bytes, size);
    size += Address.SIZE;
  }

  /** Adds an amount as a word. */
  void amount(UsdcAmount amount) {
    zeros(Hash.SIZE - UsdcAmount.SIZE, Hash.SIZE);
    amount.writeTo(bytes, size);
    size += UsdcAmount.SIZE;
  }

  /** Adds a number that is not negative as a word. */
  CanonicalBytes word(long number) {
    zeros(Hash.SIZE - Long.BYTES, Hash.SIZE);
    LONGS.set(bytes, size, number);
    size += Long.BYTES;
    return this;
  }

  /** Adds a number of up to 256 bits as a word. */
  void word(BigInteger number) {
    put(Uint256.toBytes(number));
  }

  /** Adds a text: the length of its bytes as a word, and the bytes. */
  void text(String text) {
    byte[] utf8 = ChainTextConverter.storable(text).getBytes(StandardCharsets.UTF_8);
    word(utf8.length);
    put(utf8);
  }

  /** Adds bytes: their count as a word, and the bytes. */
  void bytes(Bytes data) {
    word(data.size());
    put(data.toArray());
  }

  private void zeros(int count, int reserved) {
    reserve(reserved);
    Arrays.fill(bytes, size, size + count, (byte) 0);
    size += count;
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
