package network.tachi.indexer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import network.tachi.evm.rpc.RpcException;

/**
 * Fetches and verifies the blocks of a range, chunk by chunk, some chunks ahead of its one
 * consumer. Memory is bounded by the chunk's size times the number of chunks ahead.
 */
final class BlockFetcher implements AutoCloseable {
  private final ChainReader reader;
  private final BlockVerifier verifier;
  private final int chunk;
  private final int ahead;
  private final long to;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Deque<Future<List<VerifiedBlock>>> pending = new ArrayDeque<>();
  private long next;

  /**
   * Begins to fetch.
   *
   * @param from the first block
   * @param to the last block
   * @param chunk blocks in a chunk
   * @param ahead chunks fetched at once
   */
  BlockFetcher(
      ChainReader reader, BlockVerifier verifier, long from, long to, int chunk, int ahead) {
    this.reader = reader;
    this.verifier = verifier;
    this.chunk = chunk;
    this.ahead = ahead;
    this.to = to;
    this.next = from;
    fill();
  }

  /** Whether there is another chunk. */
  boolean hasNext() {
    return !pending.isEmpty();
  }

  /**
   * Waits for the next chunk. Blocks within it are linked; that it follows the chunk before is for
   * the consumer to check.
   *
   * @throws RpcException if there is no answer
   * @throws RejectedAnswerException if an answer is not proven
   * @throws UndecodableEventException if a followed contract is not what it is configured as
   * @throws StoppedException if the thread was interrupted
   */
  List<VerifiedBlock> next() {
    Future<List<VerifiedBlock>> first = pending.pollFirst();
    if (first == null) {
      throw new NoSuchElementException("no chunk is left");
    }
    try {
      List<VerifiedBlock> blocks = first.get();
      fill();
      return blocks;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new StoppedException();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("fetching failed", e.getCause());
    }
  }

  private void fill() {
    while (pending.size() < ahead && next <= to) {
      long from = next;
      long last = Math.min(to, from + chunk - 1);
      pending.add(executor.submit(() -> verifier.verify(reader.headers(from, last))));
      next = last + 1;
    }
  }

  /** Breaks off what is under way. */
  @Override
  public void close() {
    pending.forEach(future -> future.cancel(true));
    executor.shutdownNow();
    executor.close();
  }
}
