package network.tachi.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.ObjIntConsumer;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;

/**
 * Rows in PostgreSQL's binary COPY format, in a growing buffer: the header, for each row the number
 * of its columns and each column as its length and what the type's receive function takes, and the
 * trailer (PostgreSQL's manual, COPY, "Binary Format"). Columns are written in the order of the
 * table's. Not for use by many threads.
 */
public final class CopyBuffer {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

  /** The signature, flags and the length of an extension, which there is none of. */
  private static final byte[] HEADER = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  private static final int FIRST_SIZE = 4 << 10;
  private static final int MAX_KEPT = 32 << 20;
  private static final int NULL = -1;
  private static final int TRAILER = -1;
  private static final int BYTEA_OID = 17;

  /** Microseconds from 1970 to 2000, from where the server counts. */
  private static final long EPOCH_MICROS = 946_684_800_000_000L;

  private static final int NUMERIC_HEADER = 8;
  private static final int NUMERIC_BASE = 10_000;
  private static final int DIGITS_IN_BASE = 4;

  private byte[] bytes = new byte[FIRST_SIZE];
  private int size;
  private int rows;

  CopyBuffer() {
    clear();
  }

  /** Forgets the rows; what memory they had is kept for the next ones, within bounds. */
  void clear() {
    if (bytes.length > MAX_KEPT) {
      bytes = new byte[FIRST_SIZE];
    }
    System.arraycopy(HEADER, 0, bytes, 0, HEADER.length);
    size = HEADER.length;
    rows = 0;
  }

  /** The rows begun. */
  int rows() {
    return rows;
  }

  /** The bytes of the rows and the header. */
  int size() {
    return size;
  }

  /** Puts the trailer behind the last row, and returns the bytes; {@link #size} of them count. */
  byte[] finished() {
    ensure(Short.BYTES);
    SHORT.set(bytes, size, (short) TRAILER);
    size += Short.BYTES;
    return bytes;
  }

  void beginRow(int columns) {
    ensure(Short.BYTES);
    SHORT.set(bytes, size, (short) columns);
    size += Short.BYTES;
    rows++;
  }

  /** Writes null. */
  public void none() {
    length(NULL, 0);
  }

  /** Writes a {@code boolean}. */
  public void bool(boolean value) {
    length(1, 1);
    bytes[size++] = (byte) (value ? 1 : 0);
  }

  /** Writes a {@code smallint}. */
  public void int16(short value) {
    length(Short.BYTES, Short.BYTES);
    SHORT.set(bytes, size, value);
    size += Short.BYTES;
  }

  /** Writes an {@code int}. */
  public void int32(int value) {
    length(Integer.BYTES, Integer.BYTES);
    INT.set(bytes, size, value);
    size += Integer.BYTES;
  }

  /** Writes a {@code bigint}. */
  public void int64(long value) {
    length(Long.BYTES, Long.BYTES);
    LONG.set(bytes, size, value);
    size += Long.BYTES;
  }

  /** Writes a {@code bytea} of 32 bytes. */
  public void hash(Hash value) {
    length(Hash.SIZE, Hash.SIZE);
    value.writeTo(bytes, size);
    size += Hash.SIZE;
  }

  /** Writes a {@code bytea} of 20 bytes. */
  public void address(Address value) {
    length(Address.SIZE, Address.SIZE);
    value.writeTo(bytes, size);
    size += Address.SIZE;
  }

  /** Writes a {@code bytea}. */
  public void bytea(Bytes value) {
    length(value.size(), value.size());
    value.writeTo(bytes, size);
    size += value.size();
  }

  /** Writes {@code text} that a contract may have emitted; see {@link ChainTextConverter}. */
  public void text(String value) {
    byte[] utf8 = ChainTextConverter.storable(value).getBytes(StandardCharsets.UTF_8);
    length(utf8.length, utf8.length);
    System.arraycopy(utf8, 0, bytes, size, utf8.length);
    size += utf8.length;
  }

  /** Writes a {@code timestamptz}, to the microsecond. */
  public void timestamp(Instant value) {
    long micros =
        Math.addExact(
            Math.multiplyExact(value.getEpochSecond(), 1_000_000L), value.getNano() / 1_000);
    int64(Math.subtractExact(micros, EPOCH_MICROS));
  }

  /** Writes an amount of atomic units as {@code numeric}. */
  public void usdc(UsdcAmount value) {
    if (value.fitsLong()) {
      numeric(value.toLongExact());
    } else {
      numeric(value.toBigInteger());
    }
  }

  /** Writes a whole number that is not negative as {@code numeric}. */
  public void numeric(long value) {
    int digits = 0;
    for (long rest = value; rest > 0; rest /= NUMERIC_BASE) {
      digits++;
    }
    int at = beginNumeric(digits);
    long rest = value;
    for (int i = digits - 1; i >= 0; i--) {
      SHORT.set(bytes, at + i * Short.BYTES, (short) (rest % NUMERIC_BASE));
      rest /= NUMERIC_BASE;
    }
  }

  /** Writes a whole number that is not negative as {@code numeric}. */
  public void numeric(BigInteger value) {
    if (value.signum() == 0) {
      beginNumeric(0);
      return;
    }
    String decimal = value.toString();
    int digits = (decimal.length() + DIGITS_IN_BASE - 1) / DIGITS_IN_BASE;
    int at = beginNumeric(digits);
    int first = decimal.length() - (digits - 1) * DIGITS_IN_BASE;
    for (int i = 0; i < digits; i++) {
      int end = first + i * DIGITS_IN_BASE;
      int digit = Integer.parseInt(decimal, Math.max(0, end - DIGITS_IN_BASE), end, 10);
      SHORT.set(bytes, at + i * Short.BYTES, (short) digit);
    }
  }

  /** Begins a number of so many digits to the base of 10,000, and returns where they go. */
  private int beginNumeric(int digits) {
    int length = NUMERIC_HEADER + digits * Short.BYTES;
    length(length, length);
    SHORT.set(bytes, size, (short) digits);
    SHORT.set(bytes, size + 2, (short) Math.max(0, digits - 1));
    INT.set(bytes, size + 4, 0);
    int at = size + NUMERIC_HEADER;
    size += length;
    return at;
  }

  /** Writes a {@code bytea[]} of hashes. */
  public void hashes(List<Hash> values) {
    array(values, Hash.SIZE, (value, at) -> value.writeTo(bytes, at));
  }

  /** Writes a {@code bytea[]} of addresses. */
  public void addresses(List<Address> values) {
    array(values, Address.SIZE, (value, at) -> value.writeTo(bytes, at));
  }

  /** An array of {@code bytea}, its items of one size each. */
  private <T> void array(List<T> values, int itemSize, ObjIntConsumer<T> writer) {
    int dimension = values.isEmpty() ? 0 : 2 * Integer.BYTES;
    int length = 3 * Integer.BYTES + dimension + values.size() * (Integer.BYTES + itemSize);
    length(length, length);
    putInt(values.isEmpty() ? 0 : 1);
    putInt(0);
    putInt(BYTEA_OID);
    if (!values.isEmpty()) {
      putInt(values.size());
      putInt(1);
    }
    for (T value : values) {
      putInt(itemSize);
      writer.accept(value, size);
      size += itemSize;
    }
  }

  private void putInt(int value) {
    INT.set(bytes, size, value);
    size += Integer.BYTES;
  }

  /** Writes a column's length and makes room for what follows. */
  private void length(int length, int room) {
    ensure(Integer.BYTES + room);
    putInt(length);
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
    }
  }
}
