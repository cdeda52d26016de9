package network.tachi.indexer;

import java.util.Arrays;
import java.util.Map;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;

/** Writes the parts of {@link BlockLogs}' compact form. Not for use by many threads. */
final class CompactWriter {
  private byte[] bytes = new byte[1 << 10];
  private int size;

  CompactWriter octet(int value) {
    ensure(1);
    bytes[size++] = (byte) value;
    return this;
  }

  /**
   * Writes a number.
   *
   * @throws IllegalArgumentException if it is negative
   */
  CompactWriter number(int value) {
    if (value < 0) {
      throw new IllegalArgumentException("expected a non-negative number, found " + value);
    }
    int rest = value;
    while (rest > 0x7f) {
      octet((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    return octet(rest);
  }

  CompactWriter hash(Hash value) {
    ensure(Hash.SIZE);
    value.writeTo(bytes, size);
    size += Hash.SIZE;
    return this;
  }

  CompactWriter address(Address value) {
    ensure(Address.SIZE);
    value.writeTo(bytes, size);
    size += Address.SIZE;
    return this;
  }

  /** Writes the number of something's first mention; true if this is it. */
  <T> boolean mention(Map<T, Integer> known, T value) {
    Integer before = known.putIfAbsent(value, known.size());
    number(before == null ? known.size() - 1 : before);
    return before == null;
  }

  CompactWriter word(Hash value) {
    ensure(1 + Hash.SIZE);
    value.writeTo(bytes, size + 1);
    squeeze();
    return this;
  }

  /** Writes whole words each as one, and what is left as it is. */
  CompactWriter data(Bytes value) {
    ensure(value.size() + 1 + Hash.SIZE);
    int at = 0;
    for (; value.size() - at >= Hash.SIZE; at += Hash.SIZE) {
      ensure(1 + Hash.SIZE);
      value.writeTo(at, bytes, size + 1, Hash.SIZE);
      squeeze();
    }
    int tail = value.size() - at;
    ensure(tail);
    value.writeTo(at, bytes, size, tail);
    size += tail;
    return this;
  }

  /** Takes the zeros from the front of the word that lies behind the next byte. */
  private void squeeze() {
    int start = size + 1;
    int end = start + Hash.SIZE;
    int at = start;
    while (at < end && bytes[at] == 0) {
      at++;
    }
    int length = end - at;
    bytes[size] = (byte) length;
    System.arraycopy(bytes, at, bytes, start, length);
    size = start + length;
  }

  Bytes toBytes() {
    return Bytes.wrap(Arrays.copyOf(bytes, size));
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
    }
  }
}
