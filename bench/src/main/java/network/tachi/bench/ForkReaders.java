package network.tachi.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import network.tachi.evm.Hash;

/** Read the rows of some blocks again and again, each time from one snapshot. */
final class ForkReaders implements AutoCloseable {
  private static final long PAUSE_NANOS = 10_000_000;

  private final List<Thread> threads = new ArrayList<>();
  private final ConcurrentLinkedQueue<Set<Hash>> found = new ConcurrentLinkedQueue<>();
  private final AtomicLong reads = new AtomicLong();
  private volatile boolean stopped;

  ForkReaders(LiveRun run, List<Long> heights, int count) {
    String query =
        "SELECT DISTINCT '0x' || encode(block_hash, 'hex') FROM chain.payment_made"
            + " WHERE chain_id = "
            + Tachi.settlementChain()
            + " AND block_number IN "
            + heights.stream().map(String::valueOf).collect(Collectors.joining(",", "(", ")"))
            + " AND log_index = 0";
    for (int i = 0; i < count; i++) {
      threads.add(Thread.ofPlatform().name("fork-reader").start(() -> read(run, query)));
    }
  }

  private void read(LiveRun run, String query) {
    try (Connection connection = run.connect()) {
      while (!stopped) {
        found.add(
            Sql.rows(connection, query).stream()
                .map(row -> Hash.parse(row.getFirst()))
                .collect(Collectors.toSet()));
        reads.incrementAndGet();
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (SQLException e) {
      throw new BenchException("a reader failed", e);
    }
  }

  /** How many reads there were. */
  long reads() {
    return reads.get();
  }

  /** How many reads saw rows of both forks, or of neither. */
  long mixed(Set<Hash> old, Set<Hash> fresh) {
    return found.stream().filter(hashes -> isMixed(hashes, old, fresh)).count();
  }

  /** Whether rows of one read cannot all be of the old fork, nor all of the new. */
  static boolean isMixed(Set<Hash> hashes, Set<Hash> old, Set<Hash> fresh) {
    return !old.containsAll(hashes) && !fresh.containsAll(hashes);
  }

  @Override
  public void close() {
    stopped = true;
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
