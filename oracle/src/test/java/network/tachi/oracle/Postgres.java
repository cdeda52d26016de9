package network.tachi.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import network.tachi.store.DatabaseSettings;
import network.tachi.store.EmbeddedDatabase;
import network.tachi.store.EmbeddedOptions;
import network.tachi.store.Migrations;

/** One PostgreSQL for all test classes of this JVM; each test gets a database of its own. */
final class Postgres {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final EmbeddedDatabase SERVER = start();

  private Postgres() {}

  private static EmbeddedDatabase start() {
    try {
      Path directory = Files.createTempDirectory("tachi-oracle-test");
      EmbeddedDatabase server = EmbeddedDatabase.start(EmbeddedOptions.in(directory).notDurable());
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      Migrations.migrate(server.settings());
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A fresh, migrated database. */
  static DatabaseSettings fresh() {
    String name = "oracle_test_" + COUNT.incrementAndGet();
    try (Connection superuser = SERVER.superuser("postgres");
        Statement statement = superuser.createStatement()) {
      statement.execute("CREATE DATABASE " + name + " TEMPLATE tachi OWNER tachi_owner");
    } catch (SQLException e) {
      throw new IllegalStateException("no database " + name, e);
    }
    return SERVER.settings().withDatabase(name);
  }
}
