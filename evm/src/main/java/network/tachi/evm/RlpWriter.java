package network.tachi.evm;

import java.math.BigInteger;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes RLP items one after the other into a growing buffer. Not for use by many threads. */
public final class RlpWriter {
  private static final int MAX_DEPTH = 64;

  private byte[] buffer = new byte[256];
  private int size;
  private final int[] listStarts = new int[MAX_DEPTH];
  private int depth;

  /** Creates an empty writer. */
  public RlpWriter() {}

  /** Writes a string of bytes. */
  public RlpWriter bytes(byte[] value) {
    return bytes(value, 0, value.length);
  }

  /** Writes a string of bytes. */
  public RlpWriter bytes(Bytes value) {
    return bytes(value.unsafeArray());
  }

  /** Writes 32 bytes. */
  public RlpWriter hash(Hash value) {
    return bytes(value.toBytes());
  }

  /** Writes 20 bytes, or no bytes for no address. */
  public RlpWriter address(@Nullable Address value) {
    return bytes(value == null ? new byte[0] : value.toBytes());
  }

  /**
   * Writes an unsigned number without leading zeros.
   *
   * @throws InvalidValueException if it is negative
   */
  public RlpWriter uint(long value) {
    if (value < 0) {
      throw new InvalidValueException("RLP number", "a non-negative number", Long.toString(value));
    }
    byte[] word = new byte[8];
    BigEndian.putLong(word, 0, value);
    int start = Long.numberOfLeadingZeros(value) / 8;
    return bytes(word, start, 8 - start);
  }

  /**
   * Writes an unsigned number without leading zeros.
   *
   * @throws InvalidValueException if it is negative or wider than 256 bits
   */
  public RlpWriter uint(BigInteger value) {
    return bytes(Uint256.toMinimalBytes(value));
  }

  /** Copies an item that is RLP already. */
  public RlpWriter encoded(byte[] item) {
    ensure(item.length);
    System.arraycopy(item, 0, buffer, size, item.length);
    size += item.length;
    return this;
  }

  /** Begins a list; the items up to the matching {@link #endList} are in it. */
  public RlpWriter beginList() {
    listStarts[depth++] = size;
    return this;
  }

  /** Ends the list begun last. */
  public RlpWriter endList() {
    int start = listStarts[--depth];
    int length = size - start;
    int header = headerSize(length);
    ensure(header);
    System.arraycopy(buffer, start, buffer, start + header, length);
    writeHeader(start, length, Rlp.SHORT_LIST, Rlp.LONG_LIST);
    size += header;
    return this;
  }

  /**
   * What has been written.
   *
   * @throws IllegalStateException if a list is still open
   */
  public byte[] toBytes() {
    if (depth != 0) {
      throw new IllegalStateException("expected all lists ended, found " + depth + " open");
    }
    return Arrays.copyOf(buffer, size);
  }

  /** Keccak-256 of what has been written. */
  public Hash keccak() {
    return Keccak.hash(toBytes());
  }

  private RlpWriter bytes(byte[] value, int offset, int length) {
    if (length == 1 && (value[offset] & 255) < Rlp.SHORT_STRING) {
      ensure(1);
      buffer[size++] = value[offset];
      return this;
    }
    int header = headerSize(length);
    ensure(header + length);
    writeHeader(size, length, Rlp.SHORT_STRING, Rlp.LONG_STRING);
    System.arraycopy(value, offset, buffer, size + header, length);
    size += header + length;
    return this;
  }

  private static int headerSize(int length) {
    return length <= Rlp.MAX_SHORT ? 1 : 1 + lengthSize(length);
  }

  private static int lengthSize(int length) {
    return 4 - Integer.numberOfLeadingZeros(length) / 8;
  }

  private void writeHeader(int at, int length, int shortBase, int longBase) {
    if (length <= Rlp.MAX_SHORT) {
      buffer[at] = (byte) (shortBase + length);
      return;
    }
    int bytes = lengthSize(length);
    buffer[at] = (byte) (longBase + bytes);
    for (int i = 0; i < bytes; i++) {
      buffer[at + 1 + i] = (byte) (length >>> (8 * (bytes - 1 - i)));
    }
  }

  private void ensure(int more) {
    if (buffer.length - size < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, Math.addExact(size, more)));
    }
  }
}
