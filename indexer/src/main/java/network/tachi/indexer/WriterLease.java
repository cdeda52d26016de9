package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.LEASE;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import network.tachi.evm.ChainId;
import network.tachi.store.Database;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record2;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/**
 * The right to write a chain, held by one process at a time. Every taking raises the epoch; each
 * commit checks that the epoch is still its own, so a process that was paused while another took
 * over writes nothing. Only the database's clock counts.
 *
 * <p>A thread renews the lease, so that long work does not lose it, and takes it for a process that
 * waits for it, so that slow work of a standby does not delay that. A lease that has expired but
 * that nobody took is still good.
 *
 * <p>No lock on the lease is held during the work of a commit. What a paused writer has locked, it
 * loses: whoever takes the lease ends the writing transactions of others ({@link WriterSessions}).
 */
final class WriterLease implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(WriterLease.class.getName());

  /** Lost renewals that a holder survives, and one more. */
  private static final int RENEWALS = 4;

  private static final int TRIES = 12;

  private final ChainId chain;
  private final String holder;
  private final Database database;
  private final Duration duration;
  private final Listener listener;
  private final WriterSessions sessions;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** Held while the lease is taken, renewed or given back. */
  private final ReentrantLock taking = new ReentrantLock();

  private volatile long epoch;
  private volatile boolean wanted;
  private long leaveUntil;

  /** Is told of changes, by any thread. */
  interface Listener {
    /** Nobody. */
    Listener NONE =
        new Listener() {
          @Override
          public void taken(long epoch) {}

          @Override
          public void ended() {}
        };

    /** It is held under an epoch now. */
    void taken(long epoch);

    /** It is held no more. */
    void ended();
  }

  /**
   * Creates a lease that is not held yet.
   *
   * @param chain the chain
   * @param holder names this process and no other
   * @param database the store
   * @param duration how long a holder that does not renew keeps it
   * @param listener is told when it is taken and when it ends
   */
  WriterLease(
      ChainId chain, String holder, Database database, Duration duration, Listener listener) {
    this.chain = chain;
    this.holder = holder;
    this.database = database;
    this.duration = duration;
    this.listener = listener;
    this.sessions = new WriterSessions(chain, database);
    this.leaveUntil = System.nanoTime();
    Thread.ofVirtual().name("lease-" + chain).start(this::keepUntilClosed);
  }

  /** The pause between two tries to take it. */
  Duration tryEvery() {
    return duration.dividedBy(TRIES);
  }

  /** The epoch under which it is held; 0 if it is not. */
  long epoch() {
    return epoch;
  }

  /**
   * Takes the lease if it is free and not held yet. From the first call on it is also tried in the
   * background.
   *
   * @return whether it is held
   * @throws DataAccessException if the database fails
   */
  boolean hold() {
    wanted = true;
    return epoch > 0 || take();
  }

  private boolean take() {
    taking.lock();
    try {
      if (epoch > 0) {
        return true;
      }
      if (closed.getCount() == 0 || System.nanoTime() - leaveUntil < 0 || !isFree()) {
        return false;
      }
      // Its holder may be paused between its check of the lease and the end of its commit.
      sessions.end();
      Optional<Long> taken = tryTake();
      if (taken.isEmpty()) {
        return false;
      }
      // What began under the last epoch cannot commit any more, but may still hold locks.
      sessions.end();
      epoch = taken.get();
      listener.taken(epoch);
      return true;
    } finally {
      taking.unlock();
    }
  }

  /** Reads only: a standby locks nothing and writes nothing while another holds the lease. */
  private boolean isFree() {
    Optional<Record2<String, Boolean>> row =
        database
            .dsl()
            .select(LEASE.HOLDER, DSL.field(LEASE.EXPIRES_AT.le(databaseTime())))
            .from(LEASE)
            .where(LEASE.CHAIN_ID.eq(chain.value()))
            .fetchOptional();
    return row.map(lease -> lease.value1().equals(holder) || lease.value2()).orElse(true);
  }

  private Optional<Long> tryTake() {
    try {
      return database.transaction(tx -> {
        WriterSessions.waitForLocks(tx, tryEvery());
        return tx.insertInto(LEASE)
            .set(LEASE.CHAIN_ID, chain.value())
            .set(LEASE.HOLDER, holder)
            .set(LEASE.EPOCH, 1L)
            .set(LEASE.EXPIRES_AT, inDuration())
            .onConflict(LEASE.CHAIN_ID)
            .doUpdate()
            .set(LEASE.HOLDER, holder)
            .set(LEASE.EPOCH, LEASE.EPOCH.plus(1))
            .set(LEASE.EXPIRES_AT, inDuration())
            .where(LEASE.EXPIRES_AT.le(databaseTime()).or(LEASE.HOLDER.eq(holder)))
            .returning(LEASE.EPOCH)
            .fetchOptional(LEASE.EPOCH);
      });
    } catch (DataAccessException e) {
      if (WriterSessions.isLockTimeout(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Forgets that it was held; it is taken anew when it is free. */
  void forget() {
    if (epoch > 0) {
      epoch = 0;
      listener.ended();
    }
  }

  /**
   * Begins a writing transaction: it can be told from all others then, waits for no lock for long,
   * and a process that has lost the lease already does no work.
   *
   * @return the epoch under which it writes, for {@link #require}
   * @throws LeaseLostException if another process holds the lease
   */
  long begin(DSLContext tx) {
    long held = epoch;
    if (sessions.mark(tx, duration) != held) {
      throw new LeaseLostException(chain);
    }
    return held;
  }

  /**
   * Checks at the end of a transaction that nobody took the lease since it began, and keeps anybody
   * from taking it before the transaction ends.
   *
   * @param begun the epoch under which the transaction began
   * @throws LeaseLostException if another process holds it
   */
  void require(DSLContext tx, long begun) {
    Optional<Long> current =
        tx.select(LEASE.EPOCH)
            .from(LEASE)
            .where(LEASE.CHAIN_ID.eq(chain.value()))
            .forShare()
            .fetchOptional(LEASE.EPOCH);
    if (current.isEmpty() || current.get() != begun) {
      throw new LeaseLostException(chain);
    }
  }

  /**
   * After a commit that failed: ends what blocked it, if it is a transaction of a process that no
   * longer holds the lease, or one of this process whose connection broke.
   */
  void clear(DataAccessException failure) {
    if (epoch > 0 && WriterSessions.isLockTimeout(failure)) {
      sessions.end();
    }
  }

  private void keepUntilClosed() {
    Duration pause = tryEvery();
    try {
      while (!closed.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
        if (epoch > 0) {
          renew();
          pause = duration.dividedBy(RENEWALS);
        } else {
          tryInBackground();
          pause = tryEvery();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void tryInBackground() {
    try {
      if (wanted) {
        take();
      }
    } catch (DataAccessException e) {
      LOG.log(System.Logger.Level.DEBUG, "chain {0}: lease not taken: {1}", chain, e.getMessage());
    }
  }

  private void renew() {
    taking.lock();
    try {
      long held = epoch;
      if (held == 0) {
        return;
      }
      if (expireAt(held, inDuration()) == 0 && epoch == held) {
        LOG.log(System.Logger.Level.WARNING, "chain {0}: another process took over", chain);
        forget();
      }
    } catch (DataAccessException e) {
      LOG.log(
          System.Logger.Level.WARNING, "chain {0}: lease not renewed: {1}", chain, e.getMessage());
    } finally {
      taking.unlock();
    }
  }

  private int expireAt(long held, Field<Instant> time) {
    return database
        .dsl()
        .update(LEASE)
        .set(LEASE.EXPIRES_AT, time)
        .where(LEASE.CHAIN_ID.eq(chain.value()))
        .and(LEASE.EPOCH.eq(held))
        .and(LEASE.HOLDER.eq(holder))
        .execute();
  }

  private static Field<Instant> databaseTime() {
    return DSL.field("clock_timestamp()", LEASE.EXPIRES_AT.getDataType());
  }

  private Field<Instant> inDuration() {
    return DSL.field(
        "clock_timestamp() + {0} * interval '1 millisecond'",
        LEASE.EXPIRES_AT.getDataType(), DSL.val(duration.toMillis()));
  }

  /** Gives the lease back, and leaves it to another process for a while. */
  void giveBack(Duration pause) {
    taking.lock();
    try {
      leaveUntil = System.nanoTime() + pause.toNanos();
      giveBack();
    } finally {
      taking.unlock();
    }
  }

  private void giveBack() {
    long held = epoch;
    forget();
    try {
      if (held > 0) {
        expireAt(held, databaseTime());
      }
    } catch (DataAccessException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "chain {0}: lease not given back, it will expire: {1}",
          chain,
          e.getMessage());
    }
  }

  /** Gives the lease back, so that another process may take it at once. */
  @Override
  public void close() {
    closed.countDown();
    taking.lock();
    try {
      giveBack();
    } finally {
      taking.unlock();
    }
  }
}
