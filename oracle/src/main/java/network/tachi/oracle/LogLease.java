package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.OptionalLong;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/**
 * The right to write the log. Each taking raises the lease's epoch, and every commit checks that
 * the epoch is still the one taken: a writer that was paused for long finds out at its next commit.
 * Time is the database's.
 */
final class LogLease {
  private static final String NAME = "log";

  private final DSLContext db;
  private final String holder;
  private final Duration life;
  private volatile @Nullable Long epoch;

  /**
   * A lease not yet taken.
   *
   * @param db reads and writes outside of the caller's transactions
   * @param holder names this process, for people
   * @param life how long after its last renewal another may take it
   */
  LogLease(DSLContext db, String holder, Duration life) {
    this.db = requireNonNull(db, "db is null");
    this.holder = requireNonNull(holder, "holder is null");
    this.life = requireNonNull(life, "life is null");
  }

  /** Takes the lease if nobody holds it; the new epoch, or empty if somebody does. */
  OptionalLong tryTake() {
    return db.transactionResult(configuration -> {
      DSLContext tx = configuration.dsl();
      tx.execute(
          """
          INSERT INTO metering.lease (name, holder, epoch, expires_at)
          VALUES (?, '', 0, clock_timestamp())
          ON CONFLICT DO NOTHING
          """,
          NAME);
      // FOR UPDATE waits for the commits of the holder, which hold FOR KEY SHARE.
      Record row =
          requireNonNull(
              tx.fetchOne(
                  """
                  SELECT epoch, expires_at > clock_timestamp() AS live
                  FROM metering.lease WHERE name = ? FOR UPDATE
                  """,
                  NAME));
      if (row.get("live", Boolean.class)) {
        return OptionalLong.empty();
      }
      long taken = row.get("epoch", Long.class) + 1;
      tx.execute(
          """
          UPDATE metering.lease
          SET holder = ?, epoch = ?, expires_at = clock_timestamp() + ? * interval '1 ms'
          WHERE name = ?
          """,
          holder,
          taken,
          life.toMillis(),
          NAME);
      epoch = taken;
      return OptionalLong.of(taken);
    });
  }

  /**
   * Keeps the lease for another life.
   *
   * @throws LeaseLostException if another has taken it
   */
  void renew() {
    int renewed =
        db.execute(
            """
            UPDATE metering.lease SET expires_at = clock_timestamp() + ? * interval '1 ms'
            WHERE name = ? AND epoch = ?
            """,
            life.toMillis(),
            NAME,
            heldEpoch());
    if (renewed == 0) {
      throw lost();
    }
  }

  /** Lets another take the lease at once. */
  void release() {
    Long held = epoch;
    epoch = null;
    if (held != null) {
      db.execute(
          "UPDATE metering.lease SET expires_at = clock_timestamp() WHERE name = ? AND epoch = ?",
          NAME,
          held);
    }
  }

  /**
   * Makes sure, for the rest of a transaction, that this process is the writer.
   *
   * @throws LeaseLostException if it is not
   */
  void requireHeld(DSLContext tx) {
    Record row = tx.fetchOne("SELECT epoch FROM metering.lease WHERE name = ? FOR KEY SHARE", NAME);
    if (row == null || row.get("epoch", Long.class) != heldEpoch()) {
      throw lost();
    }
  }

  private long heldEpoch() {
    Long held = epoch;
    if (held == null) {
      throw lost();
    }
    return held;
  }

  private LeaseLostException lost() {
    return new LeaseLostException(holder + " does not hold the lease of the log");
  }
}
