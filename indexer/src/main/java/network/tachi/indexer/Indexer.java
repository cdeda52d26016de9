package network.tachi.indexer;

import static java.lang.System.Logger.Level.ERROR;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.random.RandomGenerator;
import network.tachi.evm.rpc.RpcErrorKind;
import network.tachi.evm.rpc.RpcException;
import network.tachi.evm.rpc.RpcFailure;
import network.tachi.indexer.ChainFollower.Outcome;
import network.tachi.indexer.IndexerStatus.State;
import network.tachi.store.Database;
import org.jooq.exception.DataAccessException;

/**
 * Keeps the store at the head of one chain, on a thread of its own, for as long as it holds the
 * chain's writing lease. Every failure is tried again, with growing pauses; what must not be
 * resolved without a person halts it until the cause is gone.
 */
public final class Indexer implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Indexer.class.getName());
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(3);

  private final IndexedChain chain;
  private final ChainReader reader;
  private final ChainFollower follower;
  private final Heads heads;
  private final WriterLease lease;
  private final IndexerSettings settings;
  private final IndexerMetrics metrics;
  private final InstantSource clock;
  private final Backoff backoff;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;

  private boolean chainChecked;
  private boolean standingBy;
  private Instant lastWatch = Instant.EPOCH;
  private volatile IndexerStatus status;

  Indexer(
      IndexedChain chain,
      ChainReader reader,
      ChainFollower follower,
      Heads heads,
      WriterLease lease,
      IndexerSettings settings,
      IndexerMetrics metrics,
      InstantSource clock) {
    this.chain = chain;
    this.reader = reader;
    this.follower = follower;
    this.heads = heads;
    this.lease = lease;
    this.settings = settings;
    this.metrics = metrics;
    this.clock = clock;
    this.backoff = new Backoff(FIRST_BACKOFF, settings.maxBackoff(), RandomGenerator.getDefault());
    this.status =
        new IndexerStatus(
            State.STARTING, "starting", "it has not looked yet", -1, -1, -1, clock.instant());
    this.thread = Thread.ofVirtual().name("indexer-" + chain.name()).unstarted(this::run);
  }

  /**
   * Creates an indexer that does not run yet.
   *
   * @param source what is indexed, and where it is read
   * @param database the store, as the role that writes the schema chain
   * @param registry gets the meters
   * @param clock for ages and pauses
   * @param settings how it works
   */
  public static Indexer create(
      IndexerRole.Source source,
      Database database,
      MeterRegistry registry,
      InstantSource clock,
      IndexerSettings settings) {
    return create(source, database, registry, clock, settings, CommitStage.Probe.NONE);
  }

  static Indexer create(
      IndexerRole.Source source,
      Database database,
      MeterRegistry registry,
      InstantSource clock,
      IndexerSettings settings,
      CommitStage.Probe probe) {
    return new IndexerParts(source, database, registry, clock, settings).indexer(probe);
  }

  /** The chain. */
  public IndexedChain chain() {
    return chain;
  }

  /** What it is doing. */
  public IndexerStatus status() {
    return status;
  }

  /** How far its way to the head is; empty if it is at the head, near it, or does not write. */
  public Optional<Progress> progress() {
    return status.state() == State.STANDBY ? Optional.empty() : follower.progress();
  }

  /**
   * Why the store is not at the head, or not known to be; empty if it is. A single failure is no
   * reason, as long as the last success is recent.
   */
  public Optional<NotReady> notReady() {
    IndexerStatus now = status;
    Duration silence = Duration.between(now.lastSuccess(), clock.instant());
    boolean stalled = silence.compareTo(settings.stallAfter()) > 0;
    return switch (now.state()) {
      case FOLLOWING ->
          stalled
              ? because("stalled", "no look at the head for " + silence.toSeconds() + " s")
              : heads.reason();
      case RETRYING ->
          stalled || now.indexed() < 0 ? because(now.reason(), now.detail()) : Optional.empty();
      case STARTING, STANDBY, WAITING, CATCHING_UP, HALTED, STOPPED ->
          because(now.reason(), now.detail());
    };
  }

  private Optional<NotReady> because(String reason, String detail) {
    return Optional.of(new NotReady(reason, chain + ": " + detail));
  }

  /** Starts the thread; returns at once. */
  public void start() {
    thread.start();
  }

  /** Stops the thread, waits for it, and gives the lease back. */
  @Override
  public void close() {
    stopping.countDown();
    heads.close();
    try {
      // A look under way ends by itself in most cases; an interrupt would cost it its connections.
      if (thread.isAlive() && !thread.join(STOP_PATIENCE)) {
        thread.interrupt();
        thread.join(STOP_PATIENCE);
      }
    } catch (InterruptedException _) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
    lease.close();
    publish(State.STOPPED, "stopped", "stopped");
  }

  private void run() {
    Duration pause = Duration.ZERO;
    try {
      while (true) {
        Optional<HeadBell.Ring> ring = heads.await(pause);
        if (stopping.getCount() == 0) {
          return;
        }
        pause = turn(ring);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** One look at the chain and what comes of it; returns the pause until the next. */
  Duration turn() {
    return turn(Optional.empty());
  }

  private Duration turn(Optional<HeadBell.Ring> ring) {
    try {
      if (!lease.hold()) {
        return standBy();
      }
      if (standingBy) {
        standingBy = false;
        LOG.log(INFO, "indexer of {0}: writes it now, lease epoch {1}", chain, lease.epoch());
        follower.refresh();
      }
      checkChain();
      Outcome outcome = follower.look(ring);
      heads.found(metrics.head(), ring);
      return done(outcome);
    } catch (UnknownProjectionException e) {
      lease.giveBack(settings.maxBackoff());
      follower.reload();
      return halted(e);
    } catch (IndexerHaltedException e) {
      return halted(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Duration.ZERO;
    } catch (RpcException.WrongChain e) {
      chainChecked = false;
      return halted(new WrongChainException(chain.id(), e.found()));
    } catch (RpcException e) {
      chainChecked = false;
      return retry(reason(RpcFailure.of(e).kind()), e);
    } catch (RejectedAnswerException e) {
      metrics.rejected(e.rejection());
      return retry("answer_rejected", e);
    } catch (LeaseLostException e) {
      lease.forget();
      follower.reload();
      return retry("lease_lost", e);
    } catch (StaleCheckpointException e) {
      follower.reload();
      return retry("writer_changed", e);
    } catch (DataAccessException e) {
      metrics.databaseError();
      follower.reload();
      clear(e);
      return retry("database_failed", e);
    } catch (StoppedException _) {
      return Duration.ZERO;
    } catch (RuntimeException e) {
      LOG.log(ERROR, "indexer of " + chain + ": unexpected failure", e);
      follower.reload();
      return retry("unexpected", e);
    }
  }

  private void checkChain() {
    if (!chainChecked) {
      reader.requireChain(chain.id());
      chainChecked = true;
    }
  }

  /**
   * Follows head and store without writing. What goes wrong here must not keep this process from
   * taking over.
   */
  private Duration standBy() {
    standingBy = true;
    Instant now = clock.instant();
    String warmth = "";
    if (!now.isBefore(lastWatch.plus(settings.pollInterval()))) {
      lastWatch = now;
      try {
        checkChain();
        follower.watch();
      } catch (RpcException
          | RejectedAnswerException
          | IndexerHaltedException
          | LeaseLostException e) {
        chainChecked = false;
        warmth = ", and this one sees no head: " + message(e);
      }
      publish(State.STANDBY, "standby", "another process writes this chain" + warmth, now);
    }
    return lease.tryEvery();
  }

  private void clear(DataAccessException failure) {
    try {
      lease.clear(failure);
    } catch (DataAccessException e) {
      LOG.log(WARNING, "indexer of {0}: {1}", chain, message(e));
    }
  }

  private static String reason(RpcErrorKind kind) {
    return switch (kind) {
      case TIMEOUT -> "endpoint_silent";
      case RATE_LIMITED -> "rate_limited";
      case AUTH, BILLING -> "endpoint_refuses";
      default -> "rpc_failed";
    };
  }

  private Duration done(Outcome outcome) {
    backoff.reset();
    metrics.halted(false);
    Instant now = clock.instant();
    switch (outcome) {
      case AT_HEAD -> publish(State.FOLLOWING, "", "", now);
      case BEHIND -> {
        publish(State.CATCHING_UP, "catching_up", behind(), now);
        LOG.log(INFO, "indexer of {0}: {1}", chain, behind());
      }
      case WITHOUT_INDEXES ->
          publish(
              State.CATCHING_UP,
              "indexes_deferred",
              "the first sync of another chain has yet to build indexes",
              now);
      case BEFORE_START ->
          publish(
              State.WAITING,
              "before_start",
              "the chain has not reached block " + chain.startBlock() + ", the first to index",
              now);
      case HEAD_WENT_BACK ->
          publish(State.WAITING, "head_went_back", "the head is below the indexed block", now);
    }
    return outcome == Outcome.BEHIND ? Duration.ZERO : heads.untilNextLook();
  }

  private String behind() {
    return "indexed up to " + follower.indexedNumber() + " of " + metrics.head();
  }

  private Duration halted(IndexerHaltedException e) {
    if (status.state() != State.HALTED) {
      LOG.log(ERROR, "indexer halted: {0}", e.getMessage());
    }
    metrics.halted(true);
    publish(State.HALTED, e.code(), message(e));
    // What looks like another history may be another chain: that is asked before anything else.
    boolean first = chainChecked;
    chainChecked = false;
    return first ? FIRST_BACKOFF : settings.maxBackoff();
  }

  private Duration retry(String reason, RuntimeException e) {
    if (stopping.getCount() == 0) {
      return Duration.ZERO;
    }
    Duration pause = backoff.next();
    LOG.log(
        status.state() == State.RETRYING ? System.Logger.Level.DEBUG : WARNING,
        "indexer of {0}: {1}; trying again",
        chain,
        message(e));
    publish(State.RETRYING, reason, message(e));
    return pause;
  }

  private static String message(Throwable e) {
    String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    Throwable cause = e.getCause();
    return cause == null || cause.getMessage() == null || text.contains(cause.getMessage())
        ? text
        : text + ": " + cause.getMessage();
  }

  private void publish(State state, String reason, String detail) {
    publish(state, reason, detail, status.lastSuccess());
  }

  private void publish(State state, String reason, String detail, Instant success) {
    if (state == State.FOLLOWING && status.state() != State.FOLLOWING) {
      LOG.log(INFO, "indexer of {0} is at the head, block {1}", chain, metrics.head());
    }
    status =
        new IndexerStatus(
            state,
            reason,
            detail,
            metrics.head(),
            follower.indexedNumber(),
            follower.finalizedNumber(),
            success);
  }
}
