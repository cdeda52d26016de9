package network.tachi.tx;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Makes one process the only sender of an account on a chain. The lock is a PostgreSQL advisory
 * lock of a session, and every write of the sender goes through that very session: if the session
 * dies, so do its writes, and no sender that has lost its lock can write anything.
 */
final class SenderLock implements AutoCloseable {
  private static final Logger LOG = System.getLogger(SenderLock.class.getName());
  private static final Settings SETTINGS =
      new Settings().withExecuteLogging(false).withFetchWarnings(false).withRenderFormatted(false);
  private static final int VALID_WITHIN_SECONDS = 5;

  private final DataSource source;
  private final long key;
  private @Nullable Held held;
  private boolean closed;

  /** The session that holds the lock. */
  private record Held(Connection connection, DSLContext dsl) {}

  SenderLock(DataSource source, ChainId chain, Address sender) {
    this.source = source;
    this.key =
        31 * chain.value() + ByteBuffer.wrap(sender.toBytes()).getLong(Address.SIZE - Long.BYTES);
  }

  /**
   * The locked session, the same object as long as it lives, taking the lock if it is free; null
   * while another process holds it, and after {@link #close}.
   *
   * @throws SQLException if the database can't be asked
   */
  synchronized @Nullable DSLContext session() throws SQLException {
    if (held != null && held.connection().isValid(VALID_WITHIN_SECONDS)) {
      return held.dsl();
    }
    release();
    if (closed) {
      return null;
    }
    Connection connection = source.getConnection();
    try {
      connection.setAutoCommit(true);
      DSLContext dsl = DSL.using(connection, SQLDialect.POSTGRES, SETTINGS);
      if (ask(dsl, "pg_try_advisory_lock")) {
        held = new Held(connection, dsl);
      }
    } finally {
      if (held == null) {
        connection.close();
      }
    }
    return held == null ? null : held.dsl();
  }

  /** Lets go of the lock for good. */
  @Override
  public synchronized void close() {
    closed = true;
    release();
  }

  private void release() {
    Held last = held;
    held = null;
    if (last != null) {
      try (Connection connection = last.connection()) {
        if (!ask(last.dsl(), "pg_advisory_unlock")) {
          LOG.log(Level.WARNING, "a sender's lock was not held by its session {0}", connection);
        }
      } catch (SQLException | DataAccessException e) {
        LOG.log(Level.DEBUG, "the session of a sender's lock was already gone", e);
      }
    }
  }

  private boolean ask(DSLContext dsl, String function) {
    return Boolean.TRUE.equals(
        dsl.select(DSL.function(function, Boolean.class, DSL.val(key))).fetchOne(0, Boolean.class));
  }
}
