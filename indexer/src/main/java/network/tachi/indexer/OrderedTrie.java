package network.tachi.indexer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.RlpWriter;

/**
 * The root of a Merkle-Patricia trie whose keys are the RLP of the list's indexes, as a header
 * commits to its receipts (Ethereum yellow paper, appendix D, and section 4.3).
 *
 * <p>Such keys are never prefixes of each other, so branches carry no value. Nodes are built bottom
 * up from the sorted keys and are not kept.
 */
final class OrderedTrie {
  private static final byte[] NOTHING = {};

  /** The root of the empty trie. */
  static final Hash EMPTY = new RlpWriter().bytes(NOTHING).keccak();

  private final List<Entry> entries;

  private static final class Entry {
    private final byte[] nibbles;
    private final byte[] value;

    Entry(byte[] nibbles, byte[] value) {
      this.nibbles = nibbles;
      this.value = value;
    }
  }

  private OrderedTrie(List<Entry> entries) {
    this.entries = entries;
  }

  /**
   * The root over values in their order.
   *
   * @param values what the leaves hold, none of them empty
   * @throws IllegalArgumentException if a value is empty
   */
  static Hash root(List<byte[]> values) {
    if (values.isEmpty()) {
      return EMPTY;
    }
    List<Entry> entries = new ArrayList<>(values.size());
    for (int i = 0; i < values.size(); i++) {
      byte[] value = values.get(i);
      if (value.length == 0) {
        throw new IllegalArgumentException("value " + i + " is empty");
      }
      entries.add(new Entry(nibbles(new RlpWriter().uint(i).toBytes()), value));
    }
    entries.sort((a, b) -> Arrays.compareUnsigned(a.nibbles, b.nibbles));
    return Keccak.hash(new OrderedTrie(entries).node(0, entries.size(), 0));
  }

  /**
   * The encoded node over the entries of a range, which share their first {@code depth} nibbles.
   */
  private byte[] node(int from, int to, int depth) {
    byte[] first = entries.get(from).nibbles;
    RlpWriter writer = new RlpWriter();
    if (to - from == 1) {
      writer.beginList().bytes(compact(first, depth, first.length, true));
      return writer.bytes(entries.get(from).value).endList().toBytes();
    }
    byte[] last = entries.get(to - 1).nibbles;
    int shared = Arrays.mismatch(first, depth, first.length, last, depth, last.length);
    if (shared == 0) {
      return branch(from, to, depth);
    }
    writer.beginList().bytes(compact(first, depth, depth + shared, false));
    return writer.encoded(reference(branch(from, to, depth + shared))).endList().toBytes();
  }

  private byte[] branch(int from, int to, int depth) {
    RlpWriter writer = new RlpWriter().beginList();
    int start = from;
    for (int nibble = 0; nibble < 16; nibble++) {
      int end = start;
      while (end < to && entries.get(end).nibbles[depth] == nibble) {
        end++;
      }
      if (end == start) {
        writer.bytes(NOTHING);
      } else {
        writer.encoded(reference(node(start, end, depth + 1)));
      }
      start = end;
    }
    return writer.bytes(NOTHING).endList().toBytes();
  }

  /** A node as its parent holds it: itself if it is shorter than a hash, else its hash. */
  private static byte[] reference(byte[] node) {
    return node.length < Hash.SIZE ? node : new RlpWriter().hash(Keccak.hash(node)).toBytes();
  }

  private static byte[] nibbles(byte[] key) {
    byte[] nibbles = new byte[key.length * 2];
    for (int i = 0; i < key.length; i++) {
      nibbles[2 * i] = (byte) ((key[i] >> 4) & 15);
      nibbles[2 * i + 1] = (byte) (key[i] & 15);
    }
    return nibbles;
  }

  /** The hex-prefix encoding of the nibbles of a range (yellow paper, appendix C). */
  private static byte[] compact(byte[] nibbles, int from, int to, boolean leaf) {
    int length = to - from;
    byte[] path = new byte[length / 2 + 1];
    int at = from;
    int flag = leaf ? 2 : 0;
    path[0] = (byte) ((length & 1) == 1 ? ((flag | 1) << 4) | nibbles[at++] : flag << 4);
    for (int i = 1; i < path.length; i++, at += 2) {
      path[i] = (byte) (nibbles[at] << 4 | nibbles[at + 1]);
    }
    return path;
  }
}
