package network.tachi.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;

/** Brings a database to the schema of this version. */
public final class Migrations {
  private static final String LOCATION = "classpath:db/migration";
  private static final String HISTORY_SCHEMA = "migration";

  private Migrations() {}

  /**
   * Applies what is missing, as the owner, and sets the passwords of the roles. Safe to run many
   * times and by many processes at once: they wait for each other.
   *
   * @return how many migrations were applied
   * @throws StoreException.NewerSchema if the database has migrations that this version lacks
   * @throws StoreException.MigrationFailed if one fails or an applied one was changed since
   * @throws StoreException if the database cannot be reached or is too old
   */
  public static int migrate(DatabaseSettings settings) {
    Flyway flyway = flyway(settings, DatabaseRole.OWNER);
    try (Connection owner = Connections.open(settings, DatabaseRole.OWNER)) {
      refuseNewer(settings, flyway);
      int applied = flyway.migrate().migrationsExecuted;
      setPasswords(owner, settings);
      return applied;
    } catch (FlywayException | SQLException e) {
      throw new StoreException.MigrationFailed(settings.address(), e);
    }
  }

  /**
   * Checks that the schema is that of this version, for processes that do not migrate. Every role
   * may.
   *
   * @param role as whom to look
   * @throws StoreException.OlderSchema if migrations are missing
   * @throws StoreException.NewerSchema if there are migrations that this version lacks
   */
  public static void check(DatabaseSettings settings, DatabaseRole role) {
    Flyway flyway = flyway(settings, role);
    try (Connection reader = Connections.open(settings, role)) {
      assert reader.isValid(0);
      refuseNewer(settings, flyway);
      MigrationInfo[] pending = flyway.info().pending();
      if (pending.length > 0) {
        throw new StoreException.OlderSchema(settings.address(), name(pending[0]));
      }
    } catch (FlywayException | SQLException e) {
      throw new StoreException.MigrationFailed(settings.address(), e);
    }
  }

  private static Flyway flyway(DatabaseSettings settings, DatabaseRole role) {
    return Flyway.configure(Migrations.class.getClassLoader())
        .dataSource(settings.jdbcUrl(), role.user(), settings.password(role))
        .locations(LOCATION)
        .loggers("slf4j")
        .schemas(HISTORY_SCHEMA)
        .outOfOrder(true)
        .validateMigrationNaming(true)
        .cleanDisabled(true)
        .load();
  }

  private static void refuseNewer(DatabaseSettings settings, Flyway flyway) {
    Optional<MigrationInfo> unknown =
        Arrays.stream(flyway.info().all())
            .filter(info -> info.getState().isApplied() && !info.getState().isResolved())
            .filter(info -> info.getVersion() != null)
            .findFirst();
    if (unknown.isPresent()) {
      throw new StoreException.NewerSchema(settings.address(), name(unknown.get()));
    }
  }

  private static void setPasswords(Connection owner, DatabaseSettings settings)
      throws SQLException {
    // Two processes that start at once would fail on each other's change of the same row.
    Connections.query(owner, "SELECT pg_advisory_lock(hashtext('tachi roles'))");
    for (DatabaseRole role : DatabaseRole.values()) {
      String password = settings.passwords().get(role);
      if (role == DatabaseRole.OWNER || password == null) {
        continue;
      }
      try (Statement statement = owner.createStatement()) {
        statement.execute(
            "ALTER ROLE " + role.user() + " PASSWORD '" + ScramVerifier.of(password) + "'");
      }
    }
  }

  private static String name(MigrationInfo info) {
    MigrationVersion version = info.getVersion();
    return (version == null ? "" : version + " ") + info.getDescription();
  }
}
