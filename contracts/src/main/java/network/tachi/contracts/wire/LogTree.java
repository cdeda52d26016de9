package network.tachi.contracts.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;

/**
 * The usage log's tree: the shape and proofs of RFC 6962 and RFC 9162 over keccak (wire.md section
 * 4). Paths list sibling hashes from leaf to root.
 */
public final class LogTree {
  /** The root of a log without lines. */
  public static final Hash EMPTY_ROOT = Keccak.hash(new byte[0]);

  private static final byte LEAF = 0x00;
  private static final byte NODE = 0x01;

  private LogTree() {}

  /** The hash of a leaf, from the struct hash of its attestation. */
  public static Hash leafHash(Hash structHash) {
    byte[] preimage = new byte[1 + Hash.SIZE];
    preimage[0] = LEAF;
    structHash.writeTo(preimage, 1);
    return Keccak.hash(preimage, 0, preimage.length);
  }

  /** The hash of an inner node. */
  public static Hash node(Hash left, Hash right) {
    byte[] preimage = new byte[1 + 2 * Hash.SIZE];
    preimage[0] = NODE;
    left.writeTo(preimage, 1);
    right.writeTo(preimage, 1 + Hash.SIZE);
    return Keccak.hash(preimage, 0, preimage.length);
  }

  /** The root of the log's first {@code size} lines. */
  public static Hash root(LogNodes nodes, long size) {
    Objects.checkIndex(size, Long.MAX_VALUE);
    return size == 0 ? EMPTY_ROOT : range(nodes, 0, size);
  }

  /**
   * The path that proves a line in the log's first {@code size} lines.
   *
   * @throws IndexOutOfBoundsException if the index is not below the size
   */
  public static List<Hash> inclusionProof(LogNodes nodes, long index, long size) {
    Objects.checkIndex(index, size);
    List<Hash> path = new ArrayList<>();
    long low = 0;
    long high = size;
    while (high - low > 1) {
      long middle = low + split(high - low);
      if (index < middle) {
        path.addFirst(range(nodes, middle, high));
        high = middle;
      } else {
        path.addFirst(range(nodes, low, middle));
        low = middle;
      }
    }
    return List.copyOf(path);
  }

  /**
   * The path that proves that the log at size {@code first} is a prefix of the log at size {@code
   * second}; empty if first is 0 or equals second.
   *
   * @throws IndexOutOfBoundsException if first is greater than second
   */
  public static List<Hash> consistencyProof(LogNodes nodes, long first, long second) {
    Objects.checkFromToIndex(first, second, second);
    List<Hash> path = new ArrayList<>();
    if (first == 0) {
      return List.of();
    }
    long low = 0;
    long high = second;
    boolean whole = true;
    while (first != high) {
      long middle = low + split(high - low);
      if (first <= middle) {
        path.addFirst(range(nodes, middle, high));
        high = middle;
      } else {
        path.addFirst(range(nodes, low, middle));
        low = middle;
        whole = false;
      }
    }
    if (!whole) {
      path.addFirst(range(nodes, low, high));
    }
    return List.copyOf(path);
  }

  /**
   * Whether the path proves the leaf at the index of the log with this size and root (RFC 9162
   * 2.1.3.2).
   */
  public static boolean verifyInclusion(
      Hash leaf, long index, long size, List<Hash> path, Hash root) {
    return rootFromInclusion(leaf, index, size, path).filter(root::equals).isPresent();
  }

  /** The root that the path leads to; empty if it is too short or too long for index and size. */
  public static Optional<Hash> rootFromInclusion(
      Hash leaf, long index, long size, List<Hash> path) {
    if (index < 0 || index >= size) {
      return Optional.empty();
    }
    long at = index;
    long last = size - 1;
    Hash hash = leaf;
    for (Hash sibling : path) {
      if (last == 0) {
        return Optional.empty();
      }
      if ((at & 1) == 1 || at == last) {
        hash = node(sibling, hash);
        int skipped = at == 0 ? 0 : Long.numberOfTrailingZeros(at);
        at >>>= skipped;
        last >>>= skipped;
      } else {
        hash = node(hash, sibling);
      }
      at >>>= 1;
      last >>>= 1;
    }
    return last == 0 ? Optional.of(hash) : Optional.empty();
  }

  /** Whether the path proves that the first log is a prefix of the second (RFC 9162 2.1.4.2). */
  public static boolean verifyConsistency(
      long first, Hash firstRoot, long second, Hash secondRoot, List<Hash> path) {
    if (first < 0 || first > second) {
      return false;
    }
    if (first == second || first == 0) {
      return path.isEmpty()
          && firstRoot.equals(first == 0 ? EMPTY_ROOT : secondRoot)
          && (second != 0 || secondRoot.equals(EMPTY_ROOT));
    }
    List<Hash> steps = new ArrayList<>(path);
    if (Long.bitCount(first) == 1) {
      steps.addFirst(firstRoot);
    }
    return !steps.isEmpty() && replay(first, firstRoot, second, secondRoot, steps);
  }

  private static boolean replay(
      long first, Hash firstRoot, long second, Hash secondRoot, List<Hash> steps) {
    int skipped = Long.numberOfTrailingZeros(first);
    long at = (first - 1) >>> skipped;
    long last = (second - 1) >>> skipped;
    Hash older = steps.getFirst();
    Hash newer = older;
    for (Hash step : steps.subList(1, steps.size())) {
      if (last == 0) {
        return false;
      }
      if ((at & 1) == 1 || at == last) {
        older = node(step, older);
        newer = node(step, newer);
        int zeros = at == 0 ? 0 : Long.numberOfTrailingZeros(at);
        at >>>= zeros;
        last >>>= zeros;
      } else {
        newer = node(newer, step);
      }
      at >>>= 1;
      last >>>= 1;
    }
    return last == 0 && older.equals(firstRoot) && newer.equals(secondRoot);
  }

  /** The root over the leaves from low to high, which RFC 6962's splitting has reached. */
  private static Hash range(LogNodes nodes, long low, long high) {
    long count = high - low;
    if (Long.bitCount(count) == 1) {
      int level = Long.numberOfTrailingZeros(count);
      return nodes.node(level, low >>> level);
    }
    long middle = low + split(count);
    return node(range(nodes, low, middle), range(nodes, middle, high));
  }

  /** The largest power of two below n, for n above 1. */
  private static long split(long n) {
    return Long.highestOneBit(n - 1);
  }
}
