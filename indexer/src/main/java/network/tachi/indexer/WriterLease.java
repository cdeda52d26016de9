package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.LEASE;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import network.tachi.evm.ChainId;
import network.tachi.store.Database;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/**
 * The right to write a chain, held by one process at a time. Every taking raises the epoch; each
 * commit checks that the epoch is still its own, so a process that was paused while another took
 * over writes nothing. Only the database's clock counts.
 *
 * <p>A thread renews the lease, so that long work does not lose it. A lease that has expired but
 * that nobody took is still good.
 */
final class WriterLease implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(WriterLease.class.getName());

  private final ChainId chain;
  private final String holder;
  private final Database database;
  private final Duration duration;
  private final AtomicLong epoch = new AtomicLong();
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * Creates a lease that is not held yet.
   *
   * @param chain the chain
   * @param holder names this process and no other
   * @param database the store
   * @param duration how long a holder that does not renew keeps it
   */
  WriterLease(ChainId chain, String holder, Database database, Duration duration) {
    this.chain = chain;
    this.holder = holder;
    this.database = database;
    this.duration = duration;
    Thread.ofVirtual().name("lease-" + chain).start(this::renewUntilClosed);
  }

  /** The pause between two renewals, and between two tries to take it. */
  Duration renewEvery() {
    return duration.dividedBy(3);
  }

  /** The epoch under which it is held; 0 if it is not. */
  long epoch() {
    return epoch.get();
  }

  /**
   * Takes the lease if it is free and not held yet.
   *
   * @return whether it is held
   * @throws DataAccessException if the database fails
   */
  boolean hold() {
    if (epoch.get() > 0) {
      return true;
    }
    Optional<Long> taken =
        database
            .dsl()
            .insertInto(LEASE)
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
    taken.ifPresent(epoch::set);
    return taken.isPresent();
  }

  /** Forgets that it was held; it is taken anew when it is free. */
  void forget() {
    epoch.set(0);
  }

  /**
   * Checks within a transaction that nobody took the lease, and keeps anybody from taking it before
   * the transaction ends.
   *
   * @throws LeaseLostException if another process holds it
   */
  void require(DSLContext tx) {
    Optional<Long> current =
        tx.select(LEASE.EPOCH)
            .from(LEASE)
            .where(LEASE.CHAIN_ID.eq(chain.value()))
            .forShare()
            .fetchOptional(LEASE.EPOCH);
    if (current.isEmpty() || current.get() != epoch.get()) {
      throw new LeaseLostException(chain);
    }
  }

  private void renewUntilClosed() {
    try {
      while (!closed.await(renewEvery().toNanos(), TimeUnit.NANOSECONDS)) {
        renew();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void renew() {
    long held = epoch.get();
    if (held == 0) {
      return;
    }
    try {
      int renewed = expireAt(held, inDuration());
      if (renewed == 0 && epoch.compareAndSet(held, 0)) {
        LOG.log(System.Logger.Level.WARNING, "chain {0}: another process took over", chain);
      }
    } catch (DataAccessException e) {
      LOG.log(
          System.Logger.Level.WARNING, "chain {0}: lease not renewed: {1}", chain, e.getMessage());
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

  /** Gives the lease back, so that another process may take it at once. */
  @Override
  public void close() {
    closed.countDown();
    long held = epoch.getAndSet(0);
    if (held > 0) {
      try {
        expireAt(held, databaseTime());
      } catch (DataAccessException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "chain {0}: lease not given back, it will expire: {1}",
            chain,
            e.getMessage());
      }
    }
  }
}
