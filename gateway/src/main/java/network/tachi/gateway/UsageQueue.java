package network.tachi.gateway;

import static java.util.Objects.requireNonNull;
import static network.tachi.store.jooq.gateway.Tables.USAGE_QUEUE;

import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.proto.v1.UsageEntry;
import network.tachi.store.Database;
import org.jooq.DSLContext;

/** Paid DIRECT requests that the oracle has not logged yet. */
final class UsageQueue {
  private final Database database;
  private final InstantSource clock;

  UsageQueue(Database database, InstantSource clock) {
    this.database = requireNonNull(database, "database is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /**
   * An entry to report.
   *
   * @param attempts that failed so far
   */
  record Due(Hash requestId, UsageEntry entry, int attempts) {}

  /** Adds an entry in the caller's transaction. */
  void add(DSLContext tx, Hash requestId, UsageEntry entry) {
    tx.insertInto(USAGE_QUEUE)
        .set(USAGE_QUEUE.REQUEST_ID, requestId)
        .set(USAGE_QUEUE.PAYLOAD, Bytes.wrap(entry.toByteArray()))
        .set(USAGE_QUEUE.NEXT_AT, clock.instant())
        .onConflictDoNothing()
        .execute();
  }

  /** Entries whose time has come, oldest first. */
  List<Due> due(int limit) {
    return database
        .dsl()
        .select(USAGE_QUEUE.REQUEST_ID, USAGE_QUEUE.PAYLOAD, USAGE_QUEUE.ATTEMPTS)
        .from(USAGE_QUEUE)
        .where(USAGE_QUEUE.DONE_AT.isNull(), USAGE_QUEUE.NEXT_AT.le(clock.instant()))
        .orderBy(USAGE_QUEUE.NEXT_AT)
        .limit(limit)
        .fetch(row -> new Due(row.value1(), parse(row.value2()), row.value3()));
  }

  /** Marks an entry as logged, or as refused for good. */
  void done(Hash requestId, String error) {
    database
        .dsl()
        .update(USAGE_QUEUE)
        .set(USAGE_QUEUE.DONE_AT, clock.instant())
        .set(USAGE_QUEUE.LAST_ERROR, error.isEmpty() ? null : error)
        .where(USAGE_QUEUE.REQUEST_ID.eq(requestId))
        .execute();
  }

  /** Puts an entry off. */
  void retry(Hash requestId, Duration delay, String error) {
    Instant next = clock.instant().plus(delay);
    database
        .dsl()
        .update(USAGE_QUEUE)
        .set(USAGE_QUEUE.ATTEMPTS, USAGE_QUEUE.ATTEMPTS.plus(1))
        .set(USAGE_QUEUE.NEXT_AT, next)
        .set(USAGE_QUEUE.LAST_ERROR, error)
        .where(USAGE_QUEUE.REQUEST_ID.eq(requestId))
        .execute();
  }

  /** Entries not logged yet. */
  int depth() {
    return database.dsl().fetchCount(USAGE_QUEUE, USAGE_QUEUE.DONE_AT.isNull());
  }

  private static UsageEntry parse(Bytes payload) {
    try {
      return UsageEntry.parseFrom(payload.toArray());
    } catch (InvalidProtocolBufferException e) {
      throw new CorruptRowException("gateway.usage_queue", e);
    }
  }
}
