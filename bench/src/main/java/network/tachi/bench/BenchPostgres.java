package network.tachi.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import network.tachi.store.DatabaseRole;
import network.tachi.store.DatabaseSettings;
import network.tachi.store.EmbeddedDatabase;
import network.tachi.store.EmbeddedOptions;
import network.tachi.store.Migrations;

/**
 * The one PostgreSQL of a run: durable, with room for a large load, the same for everyone. Each
 * contender gets a database and a login of its own.
 */
final class BenchPostgres implements AutoCloseable {
  private static final String PASSWORD = "bench";

  private final EmbeddedDatabase server;

  private BenchPostgres(EmbeddedDatabase server) {
    this.server = server;
  }

  /** Starts a fresh one in a folder. */
  static BenchPostgres start(Path folder) {
    Child.delete(folder);
    EmbeddedOptions options = EmbeddedOptions.in(folder);
    try (EmbeddedDatabase first = EmbeddedDatabase.start(options)) {
      execute(
          first,
          "postgres",
          List.of(
              "ALTER SYSTEM SET shared_buffers = '1GB'", "ALTER SYSTEM SET max_wal_size = '8GB'"));
    }
    return new BenchPostgres(EmbeddedDatabase.start(options));
  }

  private static void execute(EmbeddedDatabase server, String database, List<String> commands) {
    try (Connection connection = server.superuser(database);
        Statement statement = connection.createStatement()) {
      for (String command : commands) {
        statement.execute(command);
      }
    } catch (SQLException e) {
      throw new BenchException("PostgreSQL refused " + commands, e);
    }
  }

  /** Runs commands as the superuser. */
  void execute(String database, String... commands) {
    execute(server, database, List.of(commands));
  }

  /** Makes a database with Tachi's schema. */
  DatabaseSettings tachi(String name) {
    execute("postgres", "CREATE DATABASE " + name + " OWNER tachi_owner");
    DatabaseSettings settings = settings(name);
    Migrations.migrate(settings);
    return settings;
  }

  /** How Tachi's roles reach a database. */
  DatabaseSettings settings(String name) {
    return server.settings().withDatabase(name);
  }

  /** Makes an empty database and a login that owns it; returns the URL that Node.js takes. */
  String foreign(String name) {
    execute(
        "postgres",
        "CREATE ROLE " + name + " LOGIN PASSWORD '" + PASSWORD + "'",
        "CREATE DATABASE " + name + " OWNER " + name);
    return "postgres://" + name + ":" + PASSWORD + "@127.0.0.1:" + server.port() + "/" + name;
  }

  int port() {
    return server.port();
  }

  static String password() {
    return PASSWORD;
  }

  /** A connection that sees everything. */
  Connection connect(String database) {
    return server.superuser(database);
  }

  /** A connection to a database of Tachi as one of its roles. */
  static Connection connect(DatabaseSettings settings, DatabaseRole role) {
    Properties properties = new Properties();
    properties.setProperty("user", role.user());
    properties.setProperty(
        "password", java.util.Objects.requireNonNull(settings.passwords().get(role)));
    try {
      return DriverManager.getConnection(settings.jdbcUrl(), properties);
    } catch (SQLException e) {
      throw new BenchException("cannot reach " + settings.jdbcUrl(), e);
    }
  }

  /** Writes all that is in memory, so that no contender pays for another's writes. */
  void settle() {
    execute("postgres", "CHECKPOINT");
  }

  Meter meter() {
    return Meter.of(ProcessHandle.of(server.pid()).orElseThrow());
  }

  @Override
  public void close() {
    server.close();
  }
}
