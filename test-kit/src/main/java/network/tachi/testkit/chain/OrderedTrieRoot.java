package network.tachi.testkit.chain;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.RlpWriter;

/**
 * The root of a trie whose keys are the RLP of the values' indexes, as headers have it for
 * transactions and receipts. Written apart from the indexer's, so that one checks the other.
 */
final class OrderedTrieRoot {
  private static final byte[] NOTHING = {};

  /** The root of a trie without values. */
  static final Hash EMPTY = new RlpWriter().bytes(NOTHING).keccak();

  private final List<byte[]> values;
  private final byte[][] paths;

  private OrderedTrieRoot(List<byte[]> values, byte[][] paths) {
    this.values = values;
    this.paths = paths;
  }

  /** The root over values in their order. */
  static Hash of(List<byte[]> values) {
    if (values.isEmpty()) {
      return EMPTY;
    }
    byte[][] paths = new byte[values.size()][];
    for (int i = 0; i < paths.length; i++) {
      paths[i] = nibbles(new RlpWriter().uint(i).toBytes());
    }
    int[] all =
        IntStream.range(0, paths.length)
            .boxed()
            .sorted(Comparator.comparing(index -> paths[index], Arrays::compare))
            .mapToInt(Integer::intValue)
            .toArray();
    return new OrderedTrieRoot(values, paths).node(all, 0).keccak();
  }

  private RlpWriter node(int[] keys, int depth) {
    byte[] first = paths[keys[0]];
    if (keys.length == 1) {
      return pair(prefixed(first, depth, first.length, 2)).bytes(values.get(keys[0])).endList();
    }
    byte[] last = paths[keys[keys.length - 1]];
    int fork = depth;
    while (first[fork] == last[fork]) {
      fork++;
    }
    RlpWriter branch = branch(keys, fork);
    return fork == depth
        ? branch
        : pair(prefixed(first, depth, fork, 0)).encoded(embedded(branch)).endList();
  }

  private RlpWriter branch(int[] keys, int depth) {
    RlpWriter branch = new RlpWriter().beginList();
    for (int nibble = 0; nibble < 16; nibble++) {
      int wanted = nibble;
      int[] below = Arrays.stream(keys).filter(key -> paths[key][depth] == wanted).toArray();
      if (below.length == 0) {
        branch.bytes(NOTHING);
      } else {
        branch.encoded(embedded(node(below, depth + 1)));
      }
    }
    return branch.bytes(NOTHING).endList();
  }

  private static RlpWriter pair(byte[] path) {
    return new RlpWriter().beginList().bytes(path);
  }

  private static byte[] embedded(RlpWriter node) {
    byte[] bytes = node.toBytes();
    return bytes.length < Hash.SIZE ? bytes : new RlpWriter().hash(Keccak.hash(bytes)).toBytes();
  }

  private static byte[] nibbles(byte[] key) {
    byte[] nibbles = new byte[2 * key.length];
    for (int i = 0; i < nibbles.length; i++) {
      int octet = key[i / 2] & 255;
      nibbles[i] = (byte) (i % 2 == 0 ? octet >> 4 : octet & 15);
    }
    return nibbles;
  }

  /** The nibbles from one to another, behind a flag that tells leaf and parity. */
  private static byte[] prefixed(byte[] nibbles, int from, int to, int flag) {
    boolean odd = (to - from) % 2 == 1;
    byte[] out = new byte[1 + (to - from) / 2];
    out[0] = (byte) (odd ? ((flag + 1) << 4) | nibbles[from] : flag << 4);
    int at = odd ? from + 1 : from;
    for (int i = 1; i < out.length; i++, at += 2) {
      out[i] = (byte) ((nibbles[at] << 4) | nibbles[at + 1]);
    }
    return out;
  }
}
