package network.tachi.indexer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import network.tachi.evm.rpc.RpcException;
import org.jspecify.annotations.Nullable;

/**
 * Fetches and verifies the blocks of a range ahead of its one consumer: chunk by chunk, some chunks
 * at once, and each chunk in parts of one request.
 *
 * <p>What was fetched and not taken yet is bounded in bytes: above the bound only the chunk that
 * the consumer waits for goes on. What a request needs while it is read comes on top, once a chunk.
 */
final class BlockFetcher implements AutoCloseable {
  private final ChainReader reader;
  private final BlockVerifier verifier;
  private final int chunkBlocks;
  private final int ahead;
  private final long maxBytes;
  private final long to;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final Deque<Chunk> pending = new ArrayDeque<>();

  /** The chunk that the consumer waits for. */
  private final AtomicReference<@Nullable Chunk> first = new AtomicReference<>();

  private long bytes;
  private long next;

  /** A part of a chunk, or why there is no more. */
  private record Part(
      List<VerifiedBlock> blocks, long bytes, boolean last, @Nullable RuntimeException failure) {}

  /** Blocks in a row, fetched by one thread. */
  private final class Chunk implements Runnable {
    private final long from;
    private final long last;
    private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();

    Chunk(long from, long last) {
      this.from = from;
      this.last = last;
    }

    @Override
    public void run() {
      try {
        verifier.verify(reader.headers(from, last), this::add);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        parts.add(new Part(List.of(), 0, true, new StoppedException()));
      } catch (RuntimeException e) {
        parts.add(new Part(List.of(), 0, true, e));
      }
    }

    private void add(List<VerifiedBlock> blocks) throws InterruptedException {
      long weight = blocks.stream().mapToLong(VerifiedBlock::weight).sum();
      parts.add(new Part(blocks, weight, blocks.getLast().point().number() == last, null));
      fetched(this, weight);
    }
  }

  /**
   * Begins to fetch.
   *
   * @param from the first block
   * @param to the last block
   * @param chunkBlocks blocks in a chunk
   * @param ahead chunks fetched at once
   * @param maxBytes what may be fetched and not taken yet
   */
  BlockFetcher(
      ChainReader reader,
      BlockVerifier verifier,
      long from,
      long to,
      int chunkBlocks,
      int ahead,
      long maxBytes) {
    this.reader = reader;
    this.verifier = verifier;
    this.chunkBlocks = chunkBlocks;
    this.ahead = ahead;
    this.maxBytes = maxBytes;
    this.to = to;
    this.next = from;
    fill();
  }

  /** Whether there is another part. */
  boolean hasNext() {
    return !pending.isEmpty();
  }

  /**
   * Waits for the next blocks. They are linked; that they follow those before is for the consumer
   * to check.
   *
   * @throws RpcException if there is no answer
   * @throws RejectedAnswerException if an answer is not proven
   * @throws UndecodableEventException if a followed contract is not what it is configured as
   * @throws StoppedException if the thread was interrupted
   */
  List<VerifiedBlock> next() {
    Chunk chunk = pending.peekFirst();
    if (chunk == null) {
      throw new NoSuchElementException("no block is left");
    }
    Part part = take(chunk);
    if (part.failure() != null) {
      throw part.failure();
    }
    if (part.last()) {
      pending.removeFirst();
      fill();
    }
    taken(part.bytes());
    return part.blocks();
  }

  private static Part take(Chunk chunk) {
    try {
      return chunk.parts.take();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new StoppedException();
    }
  }

  private void fill() {
    while (pending.size() < ahead && next <= to) {
      Chunk chunk = new Chunk(next, Math.min(to, next + chunkBlocks - 1));
      next = chunk.last + 1;
      pending.add(chunk);
      first.set(pending.getFirst());
      executor.execute(chunk);
    }
    first.set(pending.peekFirst());
  }

  /** Counts what was fetched, and waits while that is too much. */
  private synchronized void fetched(Chunk by, long more) throws InterruptedException {
    bytes += more;
    while (bytes > maxBytes && first.get() != by) {
      wait();
    }
  }

  private synchronized void taken(long less) {
    bytes -= less;
    notifyAll();
  }

  /** Breaks off what is under way. */
  @Override
  public void close() {
    executor.shutdownNow();
    executor.close();
  }
}
