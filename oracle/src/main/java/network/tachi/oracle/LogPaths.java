package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import network.tachi.contracts.wire.LogFrontier;
import network.tachi.contracts.wire.LogNodes;
import network.tachi.contracts.wire.LogTree;
import network.tachi.evm.Hash;
import org.jooq.DSLContext;

/**
 * Inclusion paths in the log. The nodes over whole blocks of lines are kept in memory, some bytes
 * for each thousand lines; those below are computed from the lines when they are needed. Used by
 * one thread.
 */
final class LogPaths {
  /** The level of a block's root. */
  private static final int BLOCK = 10;

  private static final long LINES = 1L << BLOCK;
  private static final int BLOCKS_A_READ = 10;

  private final LogTable log;
  private LogFrontier blocks = new LogFrontier();
  private final List<List<Hash>> levels = new ArrayList<>();
  private long generation;

  LogPaths(LogTable log) {
    this.log = requireNonNull(log, "log is null");
  }

  /**
   * The path that proves a line in the log's first lines.
   *
   * @throws LogFaultException if the log does not hold so many
   * @throws IndexOutOfBoundsException if the index is not below the size
   */
  List<Hash> path(DSLContext tx, long index, long size) {
    long now = log.generation(tx).orElse(0L);
    if (now != generation) {
      blocks = new LogFrontier();
      levels.clear();
      generation = now;
    }
    readBlocks(tx, size >>> BLOCK);
    LogNodes nodes =
        (level, at) ->
            level >= BLOCK
                ? levels.get(level - BLOCK).get(Math.toIntExact(at))
                : root(log.leafHashes(tx, at << level, (at + 1) << level));
    return LogTree.inclusionProof(nodes, index, size);
  }

  private void readBlocks(DSLContext tx, long count) {
    while (blocks.size() < count) {
      long from = blocks.size();
      long to = Math.min(count, from + BLOCKS_A_READ);
      List<Hash> leaves = log.leafHashes(tx, from * LINES, to * LINES);
      requireAll(leaves, (to - from) * LINES, from * LINES);
      for (int at = 0; at < leaves.size(); at += (int) LINES) {
        blocks.append(root(leaves.subList(at, at + (int) LINES)), this::keep);
      }
    }
  }

  private static void requireAll(List<Hash> leaves, long wanted, long from) {
    if (leaves.size() != wanted) {
      throw new LogFaultException("the log has no " + wanted + " entries from " + from + " on");
    }
  }

  private void keep(int level, long index, Hash hash) {
    if (level == levels.size()) {
      levels.add(new ArrayList<>());
    }
    levels.get(level).add(hash);
  }

  /** The root of a complete subtree. */
  private static Hash root(List<Hash> leaves) {
    LogFrontier frontier = new LogFrontier();
    leaves.forEach(frontier::append);
    return frontier.root();
  }
}
