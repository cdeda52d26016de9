package network.tachi.tx;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * The outbox of one schema: what is to be sent, and how it went. Requests are stored in the
 * caller's own database transaction, so a state change and the transaction that belongs to it are
 * one. A {@link TxSender} a chain does the sending.
 */
public final class Outbox {
  /** How often to look without a signal, as the sender may be in another process. */
  private static final long LOOK_AGAIN_MS = 500;

  private final DSLContext db;
  private final OutboxTables tables;
  private final Signals signals = new Signals();

  /**
   * An outbox over the tables {@code outbox} and {@code outbox_attempt}.
   *
   * @param db reads; not inside a transaction
   * @param schema the caller's schema
   */
  public Outbox(DSLContext db, String schema) {
    this.db = db;
    this.tables = new OutboxTables(schema);
  }

  /**
   * Stores a request inside the caller's transaction; does nothing if the same one is already
   * there.
   *
   * @param transaction the caller's transaction
   * @throws TxConflictException if (chain, kind, key) is there with another payload
   */
  public void enqueue(DSLContext transaction, TxRequest request) {
    byte[] data = request.data().toArray();
    int inserted =
        transaction
            .insertInto(tables.tx)
            .set(tables.chainId, request.chain().value())
            .set(tables.kind, request.kind())
            .set(tables.key, request.key())
            .set(tables.to, request.to().toBytes())
            .set(tables.data, data)
            .set(tables.value, new BigDecimal(request.value()))
            .set(tables.state, TxState.QUEUED.name())
            .onConflictDoNothing()
            .execute();
    if (inserted == 0) {
      requireSame(transaction, request, data);
    }
  }

  /** Stores a request in a transaction of its own and wakes the sender. */
  public void enqueue(TxRequest request) {
    db.transaction(configuration -> enqueue(configuration.dsl(), request));
    wake();
  }

  /** Wakes senders; call it after the transaction that stored a request has committed. */
  public void wake() {
    signals.requested();
  }

  /** Where a request stands; empty if it was never made. */
  public Optional<TxStatus> status(ChainId chain, String kind, String key) {
    return status(db, chain, kind, key);
  }

  /** Where a request stands, read in the caller's transaction. */
  public Optional<TxStatus> status(DSLContext reader, ChainId chain, String kind, String key) {
    Field<byte[]> newest =
        DSL.field(
            DSL.select(tables.attemptHash)
                .from(tables.attempt)
                .where(tables.attemptTx.eq(tables.id))
                .orderBy(tables.attemptNumber.desc())
                .limit(1));
    return reader
        .select(
            tables.id,
            tables.kind,
            tables.key,
            tables.state,
            tables.success,
            tables.minedTx,
            tables.minedBlock,
            tables.reason,
            newest)
        .from(tables.tx)
        .where(tables.chainId.eq(chain.value()), tables.kind.eq(kind), tables.key.eq(key))
        .fetchOptional(row -> toStatus(row, newest));
  }

  /**
   * Waits until a request stands in a block, was refused, or was skipped.
   *
   * @throws TxTimeoutException if that does not happen in time; the outbox goes on
   */
  public TxStatus awaitIncluded(ChainId chain, String kind, String key, Duration patience) {
    return await(
        chain,
        kind,
        key,
        patience,
        status -> status.state().isIncluded() || status.state().isEnd());
  }

  /**
   * Waits until a request is as wanted.
   *
   * @throws TxTimeoutException if that does not happen in time; the outbox goes on
   */
  public TxStatus await(
      ChainId chain, String kind, String key, Duration patience, Predicate<TxStatus> wanted) {
    TxName name = new TxName(chain, kind, key);
    long deadline = System.nanoTime() + patience.toNanos();
    Semaphore signal = signals.waiter(name);
    try {
      while (true) {
        Optional<TxStatus> status = status(chain, kind, key);
        if (status.isPresent() && wanted.test(status.get())) {
          return status.get();
        }
        long left = deadline - System.nanoTime();
        if (left <= 0
            || !Signals.await(
                signal, Math.min(left, TimeUnit.MILLISECONDS.toNanos(LOOK_AGAIN_MS)))) {
          throw new TxTimeoutException(kind, key, patience);
        }
      }
    } finally {
      signals.waiterLeft(name, signal);
    }
  }

  Signals signals() {
    return signals;
  }

  OutboxTables tables() {
    return tables;
  }

  private void requireSame(DSLContext transaction, TxRequest request, byte[] data) {
    boolean same =
        transaction
            .select(tables.to, tables.data, tables.value)
            .from(tables.tx)
            .where(
                tables.chainId.eq(request.chain().value()),
                tables.kind.eq(request.kind()),
                tables.key.eq(request.key()))
            .fetchOptional(row ->
                Arrays.equals(row.value1(), request.to().toBytes())
                    && Arrays.equals(row.value2(), data)
                    && row.value3().toBigIntegerExact().equals(request.value()))
            .orElseThrow(() ->
                new DataAccessException(
                    "outbox row vanished: " + request.kind() + " " + request.key()));
    if (!same) {
      throw new TxConflictException(request);
    }
  }

  private TxStatus toStatus(Record row, Field<byte[]> newest) {
    TxState state = TxState.valueOf(row.get(tables.state));
    @Nullable Long block = row.get(tables.minedBlock);
    byte @Nullable [] transaction = row.get(state.isIncluded() ? tables.minedTx : newest);
    return new TxStatus(
        row.get(tables.id),
        row.get(tables.kind),
        row.get(tables.key),
        state,
        Boolean.TRUE.equals(row.get(tables.success)),
        transaction == null ? null : Hash.of(transaction),
        block == null ? OptionalLong.empty() : OptionalLong.of(block),
        row.get(tables.reason));
  }
}
