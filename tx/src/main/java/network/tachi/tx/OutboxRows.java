package network.tachi.tx;

import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.Receipt;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.UpdateSetMoreStep;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/** What a sender reads and writes, over its locked session. */
final class OutboxRows {
  /** A block that holds rows. */
  record MinedBlock(long number, Hash hash) {}

  /** What a block says about a row. */
  record Inclusion(OutboxRow row, TxState state, Receipt receipt, String reason) {}

  private final DSLContext db;
  private final OutboxTables t;
  private final ChainId chain;
  private final Address sender;

  OutboxRows(DSLContext db, OutboxTables tables, ChainId chain, Address sender) {
    this.db = db;
    this.t = tables;
    this.chain = chain;
    this.sender = sender;
  }

  boolean anyQueued() {
    return db.fetchExists(db.selectOne().from(t.tx).where(onChain(), is(TxState.QUEUED)));
  }

  /** The oldest rows that have no nonce yet, but not these. */
  List<OutboxRow> queued(int limit, Collection<Long> except) {
    return read(is(TxState.QUEUED).and(t.id.notIn(except)), limit);
  }

  /** Rows that wait for a block, by nonce. */
  List<OutboxRow> sent() {
    return read(own().and(is(TxState.SENT)), Integer.MAX_VALUE);
  }

  /** The blocks that hold rows which are not final yet. */
  List<MinedBlock> minedBlocks() {
    return db.selectDistinct(t.minedBlock, t.minedBlockHash)
        .from(t.tx)
        .where(onChain(), own(), is(TxState.MINED, TxState.SAFE))
        .orderBy(t.minedBlock)
        .fetch(row -> new MinedBlock(row.value1(), Hash.of(row.value2())));
  }

  /** The rows that these blocks hold, by nonce. */
  List<OutboxRow> in(Collection<MinedBlock> blocks) {
    List<byte[]> hashes = blocks.stream().map(block -> block.hash().toBytes()).toList();
    return hashes.isEmpty()
        ? List.of()
        : read(
            own().and(is(TxState.MINED, TxState.SAFE)).and(t.minedBlockHash.in(hashes)),
            Integer.MAX_VALUE);
  }

  /** The nonces from one on that were given here, and where their rows stand. */
  Map<Long, TxState> noncesFrom(long first) {
    Map<Long, TxState> nonces = new HashMap<>();
    db.select(t.nonce, t.state)
        .from(t.tx)
        .where(onChain(), own(), t.nonce.ge(first))
        .forEach(row -> nonces.put(row.value1(), TxState.valueOf(row.value2())));
    return nonces;
  }

  /** Nonces and signed bytes in one database transaction, before anything is broadcast. */
  void prepared(List<OutboxRow> rows) {
    db.transaction(configuration -> {
      DSLContext one = configuration.dsl();
      changeAll(
          one,
          rows.stream()
              .map(row ->
                  change(TxState.SENT)
                      .set(t.sender, sender.toBytes())
                      .set(t.nonce, row.requireNonce())
                      .set(t.gasLimit, row.requireGasLimit())
                      .where(still(row, TxState.QUEUED)))
              .toList());
      one.batch(rows.stream().map(this::newestAttempt).toList()).execute();
    });
  }

  /** Other bytes under the same nonce. */
  void replaced(OutboxRow row) {
    db.execute(newestAttempt(row));
  }

  /** Ends a row that never got a nonce. */
  void end(OutboxRow row, TxState state, String reason) {
    changeAll(db, List.of(change(state).set(t.reason, reason).where(still(row, row.state()))));
  }

  /** Attempts of rows stand in blocks. */
  void included(List<Inclusion> inclusions) {
    db.transaction(configuration ->
        changeAll(
            configuration.dsl(),
            inclusions.stream()
                .map(each ->
                    change(each.state())
                        .set(t.minedTx, each.receipt().transactionHash().toBytes())
                        .set(t.minedBlock, each.receipt().blockNumber())
                        .set(t.minedBlockHash, each.receipt().blockHash().toBytes())
                        .set(t.success, each.receipt().success())
                        .set(t.reason, each.reason())
                        .where(still(each.row(), each.row().state())))
                .toList()));
  }

  /** Rows in blocks up to this one are at least so settled; returns which ones were not before. */
  List<TxName> settled(TxState state, long upTo) {
    Condition before = state == TxState.SAFE ? is(TxState.MINED) : is(TxState.MINED, TxState.SAFE);
    return db.update(t.tx)
        .set(t.state, state.name())
        .set(t.updatedAt, DSL.currentOffsetDateTime())
        .where(onChain(), own(), before, t.minedBlock.le(upTo))
        .returningResult(t.kind, t.key)
        .fetch(row -> new TxName(chain, row.value1(), row.value2()));
  }

  /** Back to SENT: a reorg took their block. */
  void demoted(List<OutboxRow> rows) {
    db.transaction(configuration ->
        changeAll(
            configuration.dsl(),
            rows.stream()
                .map(row ->
                    change(TxState.SENT)
                        .setNull(t.minedTx)
                        .setNull(t.minedBlock)
                        .setNull(t.minedBlockHash)
                        .setNull(t.success)
                        .set(t.reason, "")
                        .where(still(row, row.state())))
                .toList()));
  }

  /** Back to QUEUED: its nonce is used up, so none of its bytes can ever stand in a block. */
  void requeued(OutboxRow row) {
    changeAll(
        db,
        List.of(
            change(TxState.QUEUED)
                .setNull(t.sender)
                .setNull(t.nonce)
                .setNull(t.gasLimit)
                .where(still(row, TxState.SENT))));
  }

  private Condition onChain() {
    return t.chainId.eq(chain.value());
  }

  private Condition own() {
    return t.sender.eq(sender.toBytes());
  }

  private Condition is(TxState... states) {
    return t.state.in(Arrays.stream(states).map(TxState::name).toList());
  }

  private UpdateSetMoreStep<Record> change(TxState to) {
    return db.update(t.tx).set(t.state, to.name()).set(t.updatedAt, DSL.currentOffsetDateTime());
  }

  /** A row must be as it was read, as it is under the sender's lock. */
  private Condition still(OutboxRow row, TxState from) {
    return t.id.eq(row.id()).and(is(from));
  }

  private static void changeAll(DSLContext one, List<? extends Query> updates) {
    for (int changed : one.batch(updates).execute()) {
      if (changed != 1) {
        throw new DataAccessException("a row of the outbox is not as it was read");
      }
    }
  }

  private Query newestAttempt(OutboxRow row) {
    OutboxRow.Attempt attempt = row.newest();
    return db.insertInto(t.attempt)
        .set(t.attemptTx, row.id())
        .set(t.attemptNumber, attempt.number())
        .set(t.attemptHash, attempt.hash().toBytes())
        .set(t.attemptRaw, attempt.raw().toArray())
        .set(t.attemptMaxFee, new BigDecimal(attempt.fees().maxFee()))
        .set(t.attemptPriority, new BigDecimal(attempt.fees().priority()))
        .set(t.attemptCreatedAt, attempt.createdAt().atOffset(ZoneOffset.UTC));
  }

  private List<OutboxRow> read(Condition condition, int limit) {
    List<Record> rows =
        new ArrayList<>(
            // The columns are named, as a star takes the types of the database and not of the
            // fields.
            db.select(t.id, t.kind, t.key, t.to, t.data, t.value, t.state, t.nonce, t.gasLimit)
                .from(t.tx)
                .where(onChain(), condition)
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
    Map<Long, List<OutboxRow.Attempt>> byId = new HashMap<>();
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
    return new OutboxRow(
        row.get(t.id),
        new TxName(chain, row.get(t.kind), row.get(t.key)),
        Address.of(row.get(t.to)),
        Bytes.wrap(row.get(t.data)),
        row.get(t.value).toBigIntegerExact(),
        TxState.valueOf(row.get(t.state)),
        row.get(t.nonce),
        row.get(t.gasLimit),
        attempts);
  }
}
