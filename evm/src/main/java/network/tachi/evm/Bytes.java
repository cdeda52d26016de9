package network.tachi.evm;

import java.util.Arrays;

/** An immutable string of bytes with value equality, ordered as unsigned bytes. */
public final class Bytes implements Comparable<Bytes> {
  /** No bytes at all. */
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] value;

  private Bytes(byte[] value) {
    this.value = value;
  }

  /** Copies the given bytes. */
  public static Bytes of(byte... value) {
    return value.length == 0 ? EMPTY : new Bytes(value.clone());
  }

  /** Takes the given array without a copy: the caller gives it up and never writes to it again. */
  public static Bytes wrap(byte[] value) {
    return value.length == 0 ? EMPTY : new Bytes(value);
  }

  /**
   * Reads {@code 0x} hex.
   *
   * @throws InvalidValueException if the text is not hex
   */
  public static Bytes parse(CharSequence text) {
    return wrap(Hex.decode("bytes", text));
  }

  /** The number of bytes. */
  public int size() {
    return value.length;
  }

  /** Whether there are no bytes. */
  public boolean isEmpty() {
    return value.length == 0;
  }

  /** The byte at an index. */
  public byte get(int index) {
    return value[index];
  }

  /** A copy of the bytes from {@code start} to {@code end}, the end not included. */
  public Bytes slice(int start, int end) {
    if (start < 0 || start > end || end > value.length) {
      throw new IndexOutOfBoundsException(
          "slice " + start + " to " + end + " of " + value.length + " bytes");
    }
    return wrap(Arrays.copyOfRange(value, start, end));
  }

  /** A copy of the bytes. */
  public byte[] toArray() {
    return value.clone();
  }

  /** Writes the bytes at an offset. */
  public void writeTo(byte[] target, int offset) {
    System.arraycopy(value, 0, target, offset, value.length);
  }

  /** Writes so many of the bytes, from one on, at an offset. */
  public void writeTo(int from, byte[] target, int offset, int count) {
    System.arraycopy(value, from, target, offset, count);
  }

  /** The bytes themselves, for readers of this package that do not write. */
  byte[] unsafeArray() {
    return value;
  }

  /** Keccak-256 of the bytes. */
  public Hash keccak() {
    return Keccak.hash(value);
  }

  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(value, other.value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(value, bytes.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  /** Lower-case hex with the {@code 0x} prefix. */
  @Override
  public String toString() {
    return Hex.encode(value);
  }
}
