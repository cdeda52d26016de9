package network.tachi.indexer;

import java.util.List;
import java.util.function.Supplier;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;

/** Reads what {@link CompactWriter} writes, and believes nothing of it. */
final class CompactReader {
  private final BlockId block;
  private final byte[] bytes;
  private int at;

  CompactReader(BlockId block, Bytes bytes) {
    this.block = block;
    this.bytes = bytes.toArray();
  }

  int octet() {
    return bytes[take(1)] & 0xff;
  }

  int number() {
    int value = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += 7) {
      int next = octet();
      value |= (next & 0x7f) << shift;
      if (value < 0 || (shift == 28 && next > 7)) {
        break;
      }
      if (next < 0x80) {
        return value;
      }
    }
    throw corrupt("a number below 2^31", "more");
  }

  /** A number of things, each of which takes a byte or more. */
  int count() {
    int value = number();
    // Data of zeros is the most that a byte can stand for: a word.
    if (value > (long) (bytes.length - at) * Hash.SIZE) {
      throw corrupt("a count that the bytes can hold", value);
    }
    return value;
  }

  Hash hash() {
    return Hash.read(bytes, take(Hash.SIZE));
  }

  Address address() {
    return Address.read(bytes, take(Address.SIZE));
  }

  <T> T mention(List<T> known, Supplier<T> reader) {
    int number = number();
    if (number > known.size()) {
      throw corrupt("a mention of at most " + known.size(), number);
    }
    if (number == known.size()) {
      known.add(reader.get());
    }
    return known.get(number);
  }

  Hash word() {
    byte[] word = new byte[Hash.SIZE];
    word(word, 0);
    return Hash.read(word, 0);
  }

  Bytes data(int size) {
    byte[] data = new byte[size];
    int to = 0;
    for (; size - to >= Hash.SIZE; to += Hash.SIZE) {
      word(data, to);
    }
    int tail = size - to;
    System.arraycopy(bytes, take(tail), data, to, tail);
    return Bytes.wrap(data);
  }

  private void word(byte[] target, int offset) {
    int length = octet();
    if (length > Hash.SIZE) {
      throw corrupt("a word of at most 32 bytes", length);
    }
    System.arraycopy(bytes, take(length), target, offset + Hash.SIZE - length, length);
  }

  void expect(String what, int expected, int found) {
    if (found != expected) {
      throw corrupt(what + " " + expected, found);
    }
  }

  void requireEnd() {
    if (at != bytes.length) {
      throw corrupt("nothing behind the last log", bytes.length - at + " bytes");
    }
  }

  CorruptLogsException corrupt(String expected, Object found) {
    return new CorruptLogsException(block, at, expected, found);
  }

  private int take(int count) {
    if (count > bytes.length - at) {
      throw corrupt(count + " bytes", bytes.length - at);
    }
    int start = at;
    at += count;
    return start;
  }
}
