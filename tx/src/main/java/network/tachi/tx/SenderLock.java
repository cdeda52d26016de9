package network.tachi.tx;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Makes one process the only sender of an account on a chain. The lock is a PostgreSQL advisory
 * lock of a session, and every write of the sender goes through that very session: if the session
 * dies, so do its writes, and no sender that has lost its lock can write anything.
 */
final class SenderLock implements AutoCloseable {
  private final DataSource source;
  private final long key;
  private @Nullable Connection connection;

  SenderLock(DataSource source, ChainId chain, Address sender) {
    this.source = source;
    this.key =
        31 * chain.value()
            + java.nio.ByteBuffer.wrap(sender.toBytes()).getLong(Address.SIZE - Long.BYTES);
  }

  /** The locked session, taking the lock if it is free; null while another process holds it. */
  @Nullable DSLContext session() throws SQLException {
    if (connection != null && connection.isValid(1)) {
      return DSL.using(connection, SQLDialect.POSTGRES);
    }
    close();
    Connection next = source.getConnection();
    try {
      next.setAutoCommit(true);
      DSLContext session = DSL.using(next, SQLDialect.POSTGRES);
      if (Boolean.TRUE.equals(
          session
              .select(DSL.function("pg_try_advisory_lock", Boolean.class, DSL.val(key)))
              .fetchOne(0, Boolean.class))) {
        connection = next;
        return session;
      }
    } catch (RuntimeException e) {
      next.close();
      throw e;
    }
    next.close();
    return null;
  }

  @Override
  public void close() {
    Connection held = connection;
    connection = null;
    if (held != null) {
      try (held) {
        DSL.using(held, SQLDialect.POSTGRES)
            .select(DSL.function("pg_advisory_unlock", Boolean.class, DSL.val(key)))
            .fetch();
      } catch (SQLException | RuntimeException e) {
        System.getLogger(SenderLock.class.getName())
            .log(System.Logger.Level.DEBUG, "the session of a sender lock was already gone", e);
      }
    }
  }
}
