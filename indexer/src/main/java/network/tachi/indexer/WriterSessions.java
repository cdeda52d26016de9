package network.tachi.indexer;

import java.time.Duration;
import network.tachi.evm.ChainId;
import network.tachi.store.Database;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/**
 * The writing transactions of a chain, of all processes. Each is marked by a shared advisory lock,
 * which nobody ever waits for. A process that was paused in the middle of a commit goes on holding
 * row locks for as long as it is paused, whatever time-outs the server has; the new writer ends it
 * by its mark.
 */
final class WriterSessions {
  /** "tach" in ASCII; the other half of the key is a hash of the chain id. */
  private static final int MARK = 0x74616368;

  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final String LOCK_TIMEOUT = "55P03";

  private final ChainId chain;
  private final Database database;

  WriterSessions(ChainId chain, Database database) {
    this.chain = chain;
    this.database = database;
  }

  /**
   * Marks a transaction as one that writes the chain, and bounds its waits for locks.
   *
   * @return the epoch of the chain's lease now; -1 if it was never taken
   */
  long mark(DSLContext tx, Duration longestWait) {
    Record row =
        tx.fetchSingle(
            """
            SELECT set_config('lock_timeout', {0}, true),
                   pg_advisory_xact_lock_shared({1}, hashint8({2}))::text,
                   coalesce((SELECT epoch FROM chain.lease WHERE chain_id = {2}), -1) AS epoch
            """,
            DSL.val(milliseconds(longestWait)), DSL.inline(MARK), DSL.val(chain.value()));
    return row.get("epoch", Long.class);
  }

  /** Lets a transaction fail that waits longer than this for a lock. */
  static void waitForLocks(DSLContext tx, Duration longest) {
    tx.execute("SET LOCAL lock_timeout = " + milliseconds(longest));
  }

  private static String milliseconds(Duration duration) {
    return Long.toString(Math.max(1, duration.toMillis()));
  }

  /** Whether a transaction failed because it waited too long for a lock. */
  static boolean isLockTimeout(DataAccessException e) {
    return LOCK_TIMEOUT.equals(e.sqlState());
  }

  /**
   * Ends all marked transactions, with their connections, and waits until they are gone. To be
   * called only by a process that has none under way.
   */
  void end() {
    database
        .dsl()
        .execute(
            """
            SELECT pg_terminate_backend(pid, {0})
            FROM pg_locks
            WHERE locktype = 'advisory' AND objsubid = 2
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND classid = {1}::oid AND objid = (hashint8({2})::bigint & 4294967295)::oid
            """,
            DSL.val(PATIENCE.toMillis()), DSL.inline(MARK), DSL.val(chain.value()));
  }
}
