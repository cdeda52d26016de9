package network.tachi.contracts.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import network.tachi.evm.Hash;

/**
 * A usage log's tree kept whole in memory, about 64 bytes a line, for proofs in logarithmic time.
 * Not for use by many threads.
 */
public final class MemoryLog implements LogNodes {
  private static final int FIRST_NODES = 16;

  /** Nodes by level, each a run of hashes. */
  private final List<byte[]> levels = new ArrayList<>();

  private LogFrontier frontier = new LogFrontier();

  /** Appends a leaf and returns its index. */
  public long append(Hash leafHash) {
    return frontier.append(leafHash, this::put);
  }

  /** The number of lines. */
  public long size() {
    return frontier.size();
  }

  /** The root over all lines. */
  public Hash root() {
    return frontier.root();
  }

  /**
   * The root that the log had at an earlier size.
   *
   * @throws IndexOutOfBoundsException if the log is shorter
   */
  public Hash root(long atSize) {
    return LogTree.root(this, checkSize(atSize));
  }

  /**
   * The path that proves a line in the log at a size.
   *
   * @throws IndexOutOfBoundsException if the index is not below the size, or the log is shorter
   */
  public List<Hash> inclusionProof(long index, long atSize) {
    return LogTree.inclusionProof(this, index, checkSize(atSize));
  }

  /**
   * The path that proves the log at one size a prefix of the log at another.
   *
   * @throws IndexOutOfBoundsException if the first is greater than the second, or the log is
   *     shorter
   */
  public List<Hash> consistencyProof(long first, long second) {
    return LogTree.consistencyProof(this, first, checkSize(second));
  }

  /**
   * Cuts the log back to its first lines, as a new generation does.
   *
   * @throws IndexOutOfBoundsException if the log is shorter
   */
  public void truncate(long toSize) {
    frontier = LogFrontier.at(this, checkSize(toSize));
  }

  @Override
  public Hash node(int level, long index) {
    Objects.checkIndex(index, frontier.size() >>> level);
    return Hash.read(levels.get(level), Math.toIntExact(index * Hash.SIZE));
  }

  private void put(int level, long index, Hash hash) {
    if (level == levels.size()) {
      levels.add(new byte[FIRST_NODES * Hash.SIZE]);
    }
    byte[] nodes = levels.get(level);
    int at = Math.toIntExact(index * Hash.SIZE);
    if (at == nodes.length) {
      nodes = Arrays.copyOf(nodes, Math.multiplyExact(nodes.length, 2));
      levels.set(level, nodes);
    }
    hash.writeTo(nodes, at);
  }

  private long checkSize(long atSize) {
    Objects.checkFromToIndex(0, atSize, frontier.size());
    return atSize;
  }
}
