package network.tachi.evm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads RLP (Ethereum yellow paper, appendix B), in its only canonical form. {@link RlpWriter}
 * writes it.
 */
public final class Rlp {
  static final int SHORT_STRING = 0x80;
  static final int LONG_STRING = 0xb7;
  static final int SHORT_LIST = 0xc0;
  static final int LONG_LIST = 0xf7;
  static final int MAX_SHORT = 55;
  private static final int MAX_DEPTH = 64;

  private Rlp() {}

  /**
   * Reads one item that fills the bytes.
   *
   * @throws RlpException if the bytes are not exactly one canonical item, or lists nest deeper than
   *     64
   */
  public static RlpItem decode(byte[] bytes) {
    Reader reader = new Reader(bytes, 0, bytes.length);
    RlpItem item = reader.item(0);
    if (reader.at != bytes.length) {
      throw new RlpException((bytes.length - reader.at) + " bytes after the item");
    }
    return item;
  }

  /** Writes one item. */
  public static byte[] encode(RlpItem item) {
    RlpWriter writer = new RlpWriter();
    write(item, writer);
    return writer.toBytes();
  }

  private static void write(RlpItem item, RlpWriter writer) {
    switch (item) {
      case RlpItem.Text text -> writer.bytes(text.value());
      case RlpItem.Items list -> {
        writer.beginList();
        list.items().forEach(child -> write(child, writer));
        writer.endList();
      }
    }
  }

  private static final class Reader {
    private final byte[] bytes;
    private final int end;
    private int at;

    Reader(byte[] bytes, int start, int end) {
      this.bytes = bytes;
      this.at = start;
      this.end = end;
    }

    RlpItem item(int depth) {
      if (at >= end) {
        throw new RlpException("an item is missing at byte " + at);
      }
      int first = bytes[at] & 255;
      if (first < SHORT_STRING) {
        return new RlpItem.Text(take(1));
      }
      at++;
      if (first < SHORT_LIST) {
        return string(first);
      }
      if (depth == MAX_DEPTH) {
        throw new RlpException("lists nest deeper than " + MAX_DEPTH);
      }
      int length = first <= LONG_LIST ? first - SHORT_LIST : longLength(first - LONG_LIST);
      return new RlpItem.Items(items(length, depth + 1));
    }

    private RlpItem string(int first) {
      int length = first <= LONG_STRING ? first - SHORT_STRING : longLength(first - LONG_STRING);
      Bytes value = take(length);
      if (length == 1 && (value.get(0) & 255) < SHORT_STRING) {
        throw new RlpException("a single byte below 128 has a prefix at byte " + (at - 1));
      }
      return new RlpItem.Text(value);
    }

    private List<RlpItem> items(int length, int depth) {
      checkAvailable(length);
      Reader inner = new Reader(bytes, at, at + length);
      List<RlpItem> items = new ArrayList<>();
      while (inner.at < inner.end) {
        items.add(inner.item(depth));
      }
      at += length;
      return items;
    }

    private int longLength(int size) {
      checkAvailable(size);
      long length = 0;
      for (int i = 0; i < size; i++) {
        length = (length << 8) | (bytes[at++] & 255);
        if (length > Integer.MAX_VALUE) {
          throw new RlpException("a length is above 2^31-1 at byte " + at);
        }
      }
      if (length <= MAX_SHORT || bytes[at - size] == 0) {
        throw new RlpException("a length is not in its shortest form at byte " + (at - size));
      }
      return (int) length;
    }

    private Bytes take(int length) {
      checkAvailable(length);
      int start = at;
      at += length;
      return Bytes.wrap(Arrays.copyOfRange(bytes, start, at));
    }

    private void checkAvailable(int length) {
      if (length > end - at) {
        throw new RlpException(
            "expected " + length + " bytes at byte " + at + ", found " + (end - at));
      }
    }
  }
}
