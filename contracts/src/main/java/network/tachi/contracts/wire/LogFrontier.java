package network.tachi.contracts.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import network.tachi.evm.Hash;
import network.tachi.evm.InvalidValueException;

/**
 * The right edge of a usage log: all that is needed to append lines and to know the root, in one
 * hash for each bit of the size. Not for use by many threads.
 */
public final class LogFrontier {
  /** Takes the complete subtrees that an append finishes, leaf first. */
  @FunctionalInterface
  public interface Sink {
    /** The node of {@link LogNodes#node} that is now known. */
    void node(int level, long index, Hash hash);
  }

  private static final Sink NOWHERE = (_, _, _) -> {};

  /** Roots of complete subtrees, smallest (rightmost) last. */
  private final List<Hash> edge = new ArrayList<>();

  private long size;

  /** The edge of an empty log. */
  public LogFrontier() {}

  /**
   * Restores an edge.
   *
   * @param size number of lines
   * @param edge as {@link #edge} gave it
   * @throws InvalidValueException if the size does not have as many bits as there are hashes
   */
  public LogFrontier(long size, List<Hash> edge) {
    if (size < 0 || Long.bitCount(size) != edge.size()) {
      throw new InvalidValueException(
          "log edge", Long.bitCount(size) + " hashes for size " + size, edge.size() + " hashes");
    }
    this.size = size;
    this.edge.addAll(edge);
  }

  /** The edge of a stored log at a size. */
  public static LogFrontier at(LogNodes nodes, long size) {
    Objects.checkIndex(size, Long.MAX_VALUE);
    List<Hash> edge = new ArrayList<>();
    long start = 0;
    for (int level = Long.SIZE - 2; level >= 0; level--) {
      if ((size >>> level & 1) == 1) {
        edge.add(nodes.node(level, start >>> level));
        start += 1L << level;
      }
    }
    return new LogFrontier(size, edge);
  }

  /** Appends a leaf and returns its index. */
  public long append(Hash leafHash) {
    return append(leafHash, NOWHERE);
  }

  /**
   * Appends a leaf, hands out the nodes that are now complete (the leaf among them), and returns
   * its index.
   */
  public long append(Hash leafHash, Sink sink) {
    long index = size;
    Hash hash = leafHash;
    sink.node(0, index, hash);
    for (int level = 0; (index >>> level & 1) == 1; level++) {
      hash = LogTree.node(edge.removeLast(), hash);
      sink.node(level + 1, index >>> (level + 1), hash);
    }
    edge.add(hash);
    size = index + 1;
    return index;
  }

  /** The number of lines. */
  public long size() {
    return size;
  }

  /** The root over all lines. */
  public Hash root() {
    if (edge.isEmpty()) {
      return LogTree.EMPTY_ROOT;
    }
    Hash root = edge.getLast();
    for (int i = edge.size() - 2; i >= 0; i--) {
      root = LogTree.node(edge.get(i), root);
    }
    return root;
  }

  /** The hashes of the edge, to be stored with the size. */
  public List<Hash> edge() {
    return List.copyOf(edge);
  }
}
