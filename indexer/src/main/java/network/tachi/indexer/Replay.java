package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.CHECKPOINT;
import static org.jooq.impl.DSL.val;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import network.tachi.evm.ChainId;
import network.tachi.store.Database;
import network.tachi.store.ProjectionSchema;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/**
 * Makes the projection that readers see again from the logs that the store keeps, without a node:
 * through the same decoding and the same rows as when they were indexed, and in one transaction, so
 * that readers see either the old or the new one.
 *
 * <p>It holds the writing lease of each chain meanwhile, and locks its checkpoint: nobody adds to
 * the chain before it is done. A thread reads and decodes ahead of the one that writes.
 */
public final class Replay {
  private static final Duration LEASE = Duration.ofSeconds(3);
  private static final int BATCHES_AHEAD = 4;
  private static final int EVENTS_PER_BATCH = 10_000;
  private static final int BLOCKS_PER_BATCH = 5_000;

  private final Database database;
  private final List<ChainId> chains;
  private volatile Optional<Progress> progress = Optional.empty();

  /**
   * A replay that does not run yet.
   *
   * @param database the store, as the role that writes the schema chain
   * @param chains the chains to make again; none means all that are indexed
   */
  public Replay(Database database, List<ChainId> chains) {
    this.database = database;
    this.chains = List.copyOf(chains);
  }

  /**
   * What was made.
   *
   * @param chain the chain
   * @param head its highest indexed block
   * @param blocks blocks read
   * @param events events written
   * @param time what reading and writing took
   */
  public record Report(ChainId chain, long head, long blocks, long events, Duration time) {}

  /** One batch of blocks on its way from the store and back. */
  private record Batch(List<VerifiedBlock> blocks, boolean last) {}

  /** How far it is; empty before it begins. */
  public Optional<Progress> progress() {
    return progress;
  }

  /**
   * Makes the projection again.
   *
   * @return what was made of each chain
   * @throws ReplayRefusedException if a chain is not indexed, or another process writes it
   * @throws RawLogsMissingException if the logs of a block with events are not in the store
   * @throws CorruptLogsException if they cannot be read
   * @throws UndecodableEventException if they are not those of the followed contracts
   * @throws StoppedException if the thread was interrupted
   * @throws DataAccessException if the database fails
   */
  public List<Report> run() {
    List<ChainId> all = chains.isEmpty() ? indexed() : chains;
    List<WriterLease> leases = new ArrayList<>();
    try {
      for (ChainId chain : all) {
        WriterLease lease =
            new WriterLease(
                chain, "replay " + UUID.randomUUID(), database, LEASE, WriterLease.Listener.NONE);
        leases.add(lease);
        if (!lease.hold()) {
          throw new ReplayRefusedException(
              "chain " + chain + ": another process writes it; stop its indexers first");
        }
      }
      return database.transaction(tx -> replay(tx, all, leases));
    } finally {
      leases.forEach(WriterLease::close);
    }
  }

  private List<ChainId> indexed() {
    return database.dsl().selectFrom(CHECKPOINT).orderBy(CHECKPOINT.CHAIN_ID).fetch().stream()
        .map(row -> ChainId.of(row.getChainId()))
        .toList();
  }

  private List<Report> replay(DSLContext transaction, List<ChainId> all, List<WriterLease> leases) {
    List<Long> epochs = leases.stream().map(lease -> lease.begin(transaction)).toList();
    // Unlike a commit, it may wait for readers.
    transaction.execute("SET LOCAL lock_timeout = 0");
    ProjectionSchema live = ProjectionSchema.live(transaction);
    DSLContext tx = live.on(transaction);
    List<Long> heads = all.stream().map(chain -> lock(tx, chain)).toList();
    String projection = live.name();
    tx.execute(
        "SELECT upkeep.clear_projection({0}, {1})",
        val(projection), val(all.stream().map(ChainId::value).toArray(Long[]::new)));
    tx.execute(
        "SELECT upkeep.defer_indexes({0}, {1})",
        val(projection), val(all.isEmpty() ? 0 : all.getFirst().value()));
    List<Report> reports = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      reports.add(fill(tx, all.get(i), heads.get(i)));
      History.markDerived(tx, all.get(i));
    }
    boolean more;
    do {
      more =
          tx.fetchSingle("SELECT upkeep.build_deferred_index({0})", val(projection))
              .get(0, boolean.class);
    } while (more);
    for (int i = 0; i < leases.size(); i++) {
      leases.get(i).require(tx, epochs.get(i));
    }
    return reports;
  }

  /** Locks a chain and returns its head. */
  private static long lock(DSLContext tx, ChainId chain) {
    return tx.selectFrom(CHECKPOINT)
        .where(CHECKPOINT.CHAIN_ID.eq(chain.value()))
        .forUpdate()
        .fetchOptional(CHECKPOINT.HEAD_NUMBER)
        .orElseThrow(() -> new ReplayRefusedException("chain " + chain + " is not indexed"));
  }

  private Report fill(DSLContext tx, ChainId chain, long head) {
    long start = System.nanoTime();
    FollowedContracts contracts =
        FollowedContractRows.stored(tx, chain)
            .orElseThrow(() -> new ReplayRefusedException("chain " + chain + " is not indexed"));
    ProjectionWriter writer = new ProjectionWriter(chain);
    BlockingQueue<Batch> batches = new ArrayBlockingQueue<>(BATCHES_AHEAD);
    long blocks = 0;
    long events = 0;
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> reading =
          executor.submit(() -> {
            read(chain, contracts, head, batches);
            return true;
          });
      try {
        for (boolean more = true; more; ) {
          Batch batch = batches.take();
          more = !batch.last();
          writer.write(tx, batch.blocks());
          blocks += batch.blocks().size();
          events += batch.blocks().stream().mapToLong(block -> block.events().size()).sum();
          long done = batch.blocks().isEmpty() ? head : batch.blocks().getLast().point().number();
          Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
          progress =
              Optional.of(
                  new Progress(
                      chain.toString(), contracts.startBlock(), done, head, events, elapsed));
        }
        reading.get();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw new StoppedException();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof RuntimeException cause
            ? cause
            : new IllegalStateException("reading failed", e.getCause());
      } finally {
        reading.cancel(true);
      }
    }
    return new Report(chain, head, blocks, events, Duration.ofNanos(System.nanoTime() - start));
  }

  /** Reads all blocks. The last batch is put even after a failure, unless nobody takes any. */
  private void read(
      ChainId chain, FollowedContracts contracts, long head, BlockingQueue<Batch> batches)
      throws InterruptedException {
    StoredBlocks stored = new StoredBlocks(chain, new LogDecoder(chain, contracts, () -> {}));
    BatchBuilder builder = new BatchBuilder(batches);
    try {
      database.snapshot(tx -> {
        try {
          stored.read(tx, 0, head, builder::add);
          return head;
        } catch (InterruptedException _) {
          throw new StoppedException();
        }
      });
    } catch (StoppedException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      builder.end();
      throw e;
    }
    builder.end();
  }

  /** Gathers blocks into batches. */
  private static final class BatchBuilder {
    private final BlockingQueue<Batch> batches;
    private List<VerifiedBlock> blocks = new ArrayList<>();
    private int events;

    BatchBuilder(BlockingQueue<Batch> batches) {
      this.batches = batches;
    }

    void add(VerifiedBlock block) throws InterruptedException {
      blocks.add(block);
      events += block.events().size();
      if (events >= EVENTS_PER_BATCH || blocks.size() >= BLOCKS_PER_BATCH) {
        batches.put(new Batch(blocks, false));
        blocks = new ArrayList<>();
        events = 0;
      }
    }

    void end() throws InterruptedException {
      batches.put(new Batch(blocks, true));
    }
  }
}
