package network.tachi.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;

/**
 * A pool of connections of one role. Safe for use by many threads, virtual ones too; the pool's
 * size is the limit of what runs at a time.
 */
public final class Database implements AutoCloseable {
  /** One round trip. */
  private static final String BEGIN_SNAPSHOT =
      "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;"
          + " SELECT pg_advisory_xact_lock_shared(hashtext('tachi readers'))";

  /** How long a caller waits for a free connection. */
  private static final long WAIT_MILLIS = 10_000;

  private final DatabaseRole role;
  private final ProjectionSchema projection;
  private final HikariDataSource pool;
  private final DSLContext dsl;

  private Database(DatabaseRole role, ProjectionSchema projection, HikariDataSource pool) {
    this.role = role;
    this.projection = projection;
    this.pool = pool;
    this.dsl = DSL.using(pool, SQLDialect.POSTGRES, settings(projection));
  }

  private static Settings settings(ProjectionSchema projection) {
    return new Settings()
        .withExecuteLogging(false)
        .withFetchWarnings(false)
        .withRenderFormatted(false)
        .withRenderMapping(projection.mapping());
  }

  /**
   * Opens a pool of a role, on the form of the chain's projection that readers see.
   *
   * @param maxConnections connections at a time, at least 1
   * @throws StoreException.Unreachable if nobody answers
   * @throws StoreException.Refused if the server refuses the role or has no such database
   * @throws StoreException.WrongVersion if the server is older than PostgreSQL 18
   */
  public static Database open(DatabaseSettings settings, DatabaseRole role, int maxConnections) {
    return open(settings, role, maxConnections, ProjectionSchema.CURRENT);
  }

  /**
   * Opens a pool of a role, on a form of the chain's projection.
   *
   * @param maxConnections connections at a time, at least 1
   * @param projection where the tables of {@code network.tachi.store.jooq.projection} are
   * @throws StoreException.Unreachable if nobody answers
   * @throws StoreException.Refused if the server refuses the role or has no such database
   * @throws StoreException.WrongVersion if the server is older than PostgreSQL 18
   */
  public static Database open(
      DatabaseSettings settings,
      DatabaseRole role,
      int maxConnections,
      ProjectionSchema projection) {
    try (Connection probe = Connections.open(settings, role)) {
      assert probe.isValid(0);
    } catch (SQLException e) {
      throw new StoreException.Unreachable(settings.address(), e);
    }
    HikariConfig config = new HikariConfig();
    config.setPoolName(role.user());
    config.setJdbcUrl(settings.jdbcUrl());
    config.setUsername(role.user());
    config.setPassword(settings.password(role));
    config.setMaximumPoolSize(maxConnections);
    config.setMinimumIdle(Math.min(2, maxConnections));
    config.setConnectionTimeout(WAIT_MILLIS);
    config.addDataSourceProperty("ApplicationName", role.user());
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    return new Database(role, projection, new HikariDataSource(config));
  }

  /** The role that is logged in. */
  public DatabaseRole role() {
    return role;
  }

  /** Where the tables of {@code network.tachi.store.jooq.projection} are. */
  public ProjectionSchema projection() {
    return projection;
  }

  /** Statements that commit by themselves. */
  public DSLContext dsl() {
    return dsl;
  }

  /** Runs a transaction and returns its result; an exception rolls it back and is thrown on. */
  public <T> T transaction(Function<DSLContext, T> work) {
    return dsl.transactionResult(configuration -> work.apply(configuration.dsl()));
  }

  /** Runs a transaction; an exception rolls it back and is thrown on. */
  public void run(Consumer<DSLContext> work) {
    dsl.transaction(configuration -> work.accept(configuration.dsl()));
  }

  /**
   * Reads from one snapshot: all statements see the same moment, and none may write. Waits for a
   * moment while the views of the chain are being replaced ({@code upkeep.show_projection}).
   */
  public <T> T snapshot(Function<DSLContext, T> work) {
    return transaction(tx -> {
      tx.execute(BEGIN_SNAPSHOT);
      return work.apply(tx);
    });
  }

  /** The pool, for COPY, notifications and locks that live as long as a connection. */
  public DataSource dataSource() {
    return pool;
  }

  /** Closes all connections. */
  @Override
  public void close() {
    pool.close();
  }

  /** Role and address. */
  @Override
  public String toString() {
    return "Database[" + role.user() + "]";
  }
}
