package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.util.function.Function;
import org.jooq.DSLContext;

/**
 * Transactions on the oracle's schema. Each that writes checks the lease, so that a writer that
 * lost it writes nothing.
 */
final class OracleStore {
  private final DSLContext db;
  private final LogLease lease;

  OracleStore(DSLContext db, LogLease lease) {
    this.db = requireNonNull(db, "db is null");
    this.lease = requireNonNull(lease, "lease is null");
  }

  /**
   * Writes.
   *
   * @throws LeaseLostException if another process writes the log now
   */
  <T> T commit(Function<DSLContext, T> work) {
    return db.transactionResult(configuration -> {
      lease.requireHeld(configuration.dsl());
      return work.apply(configuration.dsl());
    });
  }

  /** Reads one state of the database. */
  <T> T read(Function<DSLContext, T> work) {
    return db.transactionResult(configuration -> {
      configuration.dsl().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      return work.apply(configuration.dsl());
    });
  }
}
