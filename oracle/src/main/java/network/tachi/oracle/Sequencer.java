package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of the log. Requests queue up while a batch commits, and the next batch takes all
 * of them: so the commit sets the latency and its cost is shared. A batch is committed with its
 * indexes first, then the watermark moves, then it is signed, then it is answered. Whatever dies in
 * between leaves entries that stand in the log unsigned; they are signed before the next batch, and
 * answered when their gateway asks again.
 */
final class Sequencer implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Sequencer.class.getName());
  private static final long POLL_MS = 200;

  private final BatchWriter writer;
  private final OracleMetrics metrics;
  private final int maxBatch;
  private final BlockingQueue<Job> queue;
  private final Thread thread;
  private volatile boolean open = true;
  private volatile @Nullable String trouble = "not started";

  /** Work for the sequencer's thread. */
  private sealed interface Job {
    /** Tells whoever waits that it won't be done. */
    void fail(Throwable cause);

    /** Requests that want an index. */
    record Intake(List<PaidRequest> requests, CompletableFuture<List<Outcome>> result)
        implements Job {
      @Override
      public void fail(Throwable cause) {
        result.completeExceptionally(cause);
      }
    }

    /** Work that must not run beside a batch. */
    record Exclusive<T>(Callable<T> work, CompletableFuture<T> result) implements Job {
      @Override
      public void fail(Throwable cause) {
        result.completeExceptionally(cause);
      }

      void run() {
        try {
          result.complete(work.call());
        } catch (Exception e) {
          result.completeExceptionally(e);
        }
      }
    }
  }

  /**
   * Creates a sequencer that is not yet started.
   *
   * @param maxBatch the most requests that share a commit
   * @param maxQueued the most reports that wait; further ones are refused at once
   */
  Sequencer(BatchWriter writer, OracleMetrics metrics, int maxBatch, int maxQueued) {
    this.writer = requireNonNull(writer, "writer is null");
    this.metrics = requireNonNull(metrics, "metrics is null");
    this.maxBatch = maxBatch;
    this.queue = new ArrayBlockingQueue<>(maxQueued);
    this.thread = Thread.ofPlatform().name("oracle-sequencer").unstarted(this::run);
  }

  /** Signs what an earlier life left unsigned, then takes requests. */
  void start() {
    thread.start();
  }

  /** Why requests are not taken now; empty if they are. */
  Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  /**
   * Sequences requests.
   *
   * @return completes with one outcome a request, in their order, once all are durable and signed
   * @throws RejectedExecutionException if too many wait already, or requests are not taken now
   */
  CompletableFuture<List<Outcome>> submit(List<PaidRequest> requests) {
    var job = new Job.Intake(List.copyOf(requests), new CompletableFuture<>());
    enqueue(job);
    return job.result();
  }

  /**
   * Runs work between two batches.
   *
   * @throws RejectedExecutionException as {@link #submit}
   */
  <T> CompletableFuture<T> exclusively(Callable<T> work) {
    var job = new Job.Exclusive<>(work, new CompletableFuture<T>());
    enqueue(job);
    return job.result();
  }

  private void enqueue(Job job) {
    String why = trouble;
    if (why != null) {
      throw new RejectedExecutionException(why);
    }
    if (!queue.offer(job)) {
      throw new RejectedExecutionException("too many wait already");
    }
    if (!open) {
      failQueued("closed");
    }
  }

  private void run() {
    boolean recovered = false;
    while (open) {
      try {
        if (!recovered) {
          writer.signPending();
          recovered = true;
          trouble = null;
        }
        @Nullable Job first = queue.poll(POLL_MS, TimeUnit.MILLISECONDS);
        if (first != null) {
          recovered = work(first);
        }
      } catch (InterruptedException e) {
        open = false;
      } catch (LogRolledBackException e) {
        trouble = e.getMessage();
        LOG.log(Level.ERROR, "the log was rolled back; nothing will be signed", e);
        open = false;
      } catch (RuntimeException e) {
        recovered = pause(e);
      }
    }
    trouble = trouble == null ? "closed" : trouble;
    failQueued("closed");
  }

  /**
   * Does a job and all that can join it; false if something failed and the log's end must be looked
   * at again.
   */
  private boolean work(Job first) {
    return switch (first) {
      case Job.Exclusive<?> exclusive -> {
        exclusive.run();
        yield true;
      }
      case Job.Intake intake -> {
        List<Job.Intake> batch = new ArrayList<>(List.of(intake));
        int size = intake.requests().size();
        while (size < maxBatch && queue.peek() instanceof Job.Intake next) {
          queue.remove();
          batch.add(next);
          size += next.requests().size();
        }
        yield write(batch);
      }
    };
  }

  private boolean write(List<Job.Intake> batch) {
    List<PaidRequest> requests = new ArrayList<>();
    batch.forEach(job -> requests.addAll(job.requests()));
    try {
      List<Outcome> outcomes = writer.write(requests);
      metrics.sequenced(outcomes);
      int from = 0;
      for (Job.Intake job : batch) {
        int to = from + job.requests().size();
        job.result().complete(List.copyOf(outcomes.subList(from, to)));
        from = to;
      }
      return true;
    } catch (LogRolledBackException e) {
      batch.forEach(job -> job.fail(e));
      throw e;
    } catch (RuntimeException e) {
      batch.forEach(job -> job.fail(e));
      LOG.log(Level.WARNING, "a batch of " + requests.size() + " was not sequenced", e);
      return false;
    }
  }

  private boolean pause(RuntimeException cause) {
    String why = String.valueOf(cause.getMessage());
    if (!why.equals(trouble)) {
      LOG.log(Level.WARNING, "the log can't be written now", cause);
    }
    trouble = why;
    failQueued(why);
    try {
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    } catch (InterruptedException e) {
      open = false;
    }
    return false;
  }

  private void failQueued(String why) {
    for (Job job = queue.poll(); job != null; job = queue.poll()) {
      job.fail(new RejectedExecutionException(why));
    }
  }

  /** Ends the batch in work, refuses what waits, and stops. */
  @Override
  public void close() {
    open = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
