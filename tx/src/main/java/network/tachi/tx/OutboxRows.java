package network.tachi.tx;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.SignedTransaction;
import network.tachi.evm.rpc.Receipt;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.UpdateSetMoreStep;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** What a sender reads and writes, over its locked session. */
final class OutboxRows {
  private final DSLContext db;
  private final OutboxTables t;
  private final ChainId chain;
  private final Address sender;

  private final InstantSource clock;

  OutboxRows(
      DSLContext db, OutboxTables tables, ChainId chain, Address sender, InstantSource clock) {
    this.db = db;
    this.t = tables;
    this.chain = chain;
    this.sender = sender;
    this.clock = clock;
  }

  List<OutboxRow> queued(int limit) {
    return read(t.state.eq(TxState.QUEUED.name()), limit);
  }

  /** Rows with a nonce whose outcome may still change, by nonce. */
  List<OutboxRow> inFlight() {
    return read(
        t.sender
            .eq(sender.toBytes())
            .and(t.state.in(TxState.SENT.name(), TxState.MINED.name(), TxState.SAFE.name())),
        Integer.MAX_VALUE);
  }

  /** The highest nonce ever given to this sender here. */
  OptionalLong highestNonce() {
    @Nullable Long highest =
        db.select(DSL.max(t.nonce))
            .from(t.tx)
            .where(t.chainId.eq(chain.value()), t.sender.eq(sender.toBytes()))
            .fetchOne(0, Long.class);
    return highest == null ? OptionalLong.empty() : OptionalLong.of(highest);
  }

  /** Nonce and signed bytes in one database transaction, before anything is broadcast. */
  void prepared(OutboxRow row, long nonce, long gasLimit, SignedTransaction signed, Fees fees) {
    db.transaction(configuration -> {
      DSLContext one = configuration.dsl();
      change(
          one.update(t.tx)
              .set(t.sender, sender.toBytes())
              .set(t.nonce, nonce)
              .set(t.gasLimit, gasLimit)
              .set(t.state, TxState.SENT.name())
              .set(t.updatedAt, DSL.currentOffsetDateTime()),
          row);
      insertAttempt(one, row, signed, fees);
    });
  }

  /** Other bytes under the same nonce. */
  void replaced(OutboxRow row, SignedTransaction signed, Fees fees) {
    insertAttempt(db, row, signed, fees);
  }

  /** Ends a row that never got a nonce. */
  void end(OutboxRow row, TxState state, String reason) {
    change(
        db.update(t.tx)
            .set(t.state, state.name())
            .set(t.reason, reason)
            .set(t.updatedAt, DSL.currentOffsetDateTime()),
        row);
  }

  /** One of its attempts stands in a block. */
  void included(OutboxRow row, TxState state, Receipt receipt, String reason) {
    change(
        db.update(t.tx)
            .set(t.state, state.name())
            .set(t.minedTx, receipt.transactionHash().toBytes())
            .set(t.minedBlock, receipt.blockNumber())
            .set(t.minedBlockHash, receipt.blockHash().toBytes())
            .set(t.success, receipt.success())
            .set(t.reason, reason)
            .set(t.updatedAt, DSL.currentOffsetDateTime()),
        row);
  }

  /** Its block is more, or less, settled than before. */
  void settled(OutboxRow row, TxState state) {
    change(
        db.update(t.tx).set(t.state, state.name()).set(t.updatedAt, DSL.currentOffsetDateTime()),
        row);
  }

  /** Back to SENT: a reorg took its block. */
  void demoted(OutboxRow row) {
    change(
        db.update(t.tx)
            .set(t.state, TxState.SENT.name())
            .setNull(t.minedTx)
            .setNull(t.minedBlock)
            .setNull(t.minedBlockHash)
            .setNull(t.success)
            .set(t.reason, "")
            .set(t.updatedAt, DSL.currentOffsetDateTime()),
        row);
  }

  /** Back to QUEUED: its nonce is used up, so none of its bytes can ever stand in a block. */
  void requeued(OutboxRow row) {
    change(
        db.update(t.tx)
            .set(t.state, TxState.QUEUED.name())
            .setNull(t.sender)
            .setNull(t.nonce)
            .setNull(t.gasLimit)
            .set(t.updatedAt, DSL.currentOffsetDateTime()),
        row);
  }

  /** Changes a row only if it is still as it was read, as it must be under the sender's lock. */
  private void change(UpdateSetMoreStep<Record> update, OutboxRow row) {
    int changed = update.where(t.id.eq(row.id()), t.state.eq(row.state().name())).execute();
    if (changed != 1) {
      throw new DataAccessException(row.name() + " is not " + row.state() + " any more");
    }
  }

  private void insertAttempt(DSLContext one, OutboxRow row, SignedTransaction signed, Fees fees) {
    one.insertInto(t.attempt)
        .set(t.attemptTx, row.id())
        .set(t.attemptNumber, row.attempts().isEmpty() ? 1 : row.newest().number() + 1)
        .set(t.attemptHash, signed.hash().toBytes())
        .set(t.attemptRaw, signed.raw().toArray())
        .set(t.attemptMaxFee, new BigDecimal(fees.maxFee()))
        .set(t.attemptPriority, new BigDecimal(fees.priority()))
        .set(t.attemptCreatedAt, clock.instant().atOffset(ZoneOffset.UTC))
        .execute();
  }

  private List<OutboxRow> read(Condition condition, int limit) {
    List<Record> rows =
        new ArrayList<>(
            // The columns are named, as a star takes the types of the database and not of the
            // fields.
            db.select(
                    t.id,
                    t.kind,
                    t.key,
                    t.to,
                    t.data,
                    t.value,
                    t.state,
                    t.nonce,
                    t.gasLimit,
                    t.minedBlock,
                    t.minedBlockHash)
                .from(t.tx)
                .where(t.chainId.eq(chain.value()).and(condition))
                .orderBy(t.nonce.asc().nullsLast(), t.id)
                .limit(limit)
                .fetch());
    Map<Long, List<OutboxRow.Attempt>> attempts =
        attempts(rows.stream().map(row -> row.get(t.id)).toList());
    return rows.stream()
        .map(row -> toRow(row, attempts.getOrDefault(row.get(t.id), List.of())))
        .toList();
  }

  private Map<Long, List<OutboxRow.Attempt>> attempts(List<Long> ids) {
    Map<Long, List<OutboxRow.Attempt>> byId = new LinkedHashMap<>();
    if (ids.isEmpty()) {
      return byId;
    }
    db.select(
            t.attemptTx,
            t.attemptNumber,
            t.attemptHash,
            t.attemptRaw,
            t.attemptMaxFee,
            t.attemptPriority,
            t.attemptCreatedAt)
        .from(t.attempt)
        .where(t.attemptTx.in(ids))
        .orderBy(t.attemptTx, t.attemptNumber)
        .forEach(row ->
            byId.computeIfAbsent(row.get(t.attemptTx), id -> new ArrayList<>())
                .add(
                    new OutboxRow.Attempt(
                        row.get(t.attemptNumber),
                        Hash.of(row.get(t.attemptHash)),
                        Bytes.wrap(row.get(t.attemptRaw)),
                        new Fees(
                            row.get(t.attemptMaxFee).toBigIntegerExact(),
                            row.get(t.attemptPriority).toBigIntegerExact()),
                        row.get(t.attemptCreatedAt).toInstant())));
    return byId;
  }

  private OutboxRow toRow(Record row, List<OutboxRow.Attempt> attempts) {
    byte @Nullable [] block = row.get(t.minedBlockHash);
    return new OutboxRow(
        row.get(t.id),
        row.get(t.kind),
        row.get(t.key),
        Address.of(row.get(t.to)),
        Bytes.wrap(row.get(t.data)),
        row.get(t.value).toBigIntegerExact(),
        TxState.valueOf(row.get(t.state)),
        row.get(t.nonce),
        row.get(t.gasLimit),
        row.get(t.minedBlock),
        block == null ? null : Hash.of(block),
        attempts);
  }

  static BigInteger percent(long value, int percent) {
    return BigInteger.valueOf(value)
        .multiply(BigInteger.valueOf(percent))
        .divide(BigInteger.valueOf(100));
  }
}
