package network.tachi.queryapi;

import static java.util.Objects.requireNonNull;

import io.grpc.Context;
import io.grpc.Deadline;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import network.tachi.server.ApiException;
import network.tachi.server.ErrorCode;
import network.tachi.store.Database;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/**
 * Answers come from one snapshot each: data and the block they stand for are read together, so no
 * answer mixes two forks. No statement outlives the caller's deadline.
 */
final class Snapshots {
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final long LONGEST_MILLIS = 30_000;
  private static final int ATTEMPTS = 3;
  private static final String SOMEBODY_WAS_FIRST = "40001";
  private static final String CANCELED_BY_TIMEOUT = "57014";

  private final Database database;

  Snapshots(Database database) {
    this.database = requireNonNull(database, "database is null");
  }

  /** Reads from one snapshot. */
  <T> T read(Function<DSLContext, T> work) {
    return guarded(() ->
        database.snapshot(tx -> {
          limit(tx);
          return work.apply(tx);
        }));
  }

  /** Writes on the ground of what one snapshot shows; again if somebody else was first. */
  <T> T write(Function<DSLContext, T> work) {
    return guarded(() -> {
      for (int attempt = 1; ; attempt++) {
        try {
          return database.transaction(tx -> {
            tx.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            limit(tx);
            return work.apply(tx);
          });
        } catch (DataAccessException e) {
          if (attempt == ATTEMPTS || !e.sqlState().equals(SOMEBODY_WAS_FIRST)) {
            throw e;
          }
        }
      }
    });
  }

  private static void limit(DSLContext tx) {
    Deadline deadline = Context.current().getDeadline();
    long left = deadline == null ? LONGEST_MILLIS : deadline.timeRemaining(TimeUnit.MILLISECONDS);
    long millis = Math.clamp(left, 1, LONGEST_MILLIS);
    tx.execute("SET LOCAL statement_timeout = " + millis);
  }

  private static <T> T guarded(Supplier<T> work) {
    try {
      return work.get();
    } catch (DataAccessException e) {
      if (e.sqlState().equals(CANCELED_BY_TIMEOUT)) {
        throw ApiException.of(
            ErrorCode.DEADLINE_EXCEEDED, "the database did not answer in time", e);
      }
      if (isTransient(e)) {
        throw ApiException.unavailable("the database does not answer now", RETRY);
      }
      throw e;
    }
  }

  /** Whether the database is away, full or stopping, or another transaction was first. */
  private static boolean isTransient(DataAccessException e) {
    SQLException cause = e.getCause(SQLException.class);
    // Without a state it is the pool that speaks: no connection in time, or closed.
    String state = cause == null || cause.getSQLState() == null ? "" : cause.getSQLState();
    return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
      case "", "08", "40", "53", "57" -> cause != null;
      default -> false;
    };
  }
}
