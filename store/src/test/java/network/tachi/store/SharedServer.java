package network.tachi.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** One server for the tests of this JVM, which makes a fresh database for each that asks. */
final class SharedServer {
  private static final EmbeddedDatabase SERVER = start();
  private static final AtomicInteger COUNT = new AtomicInteger();

  private SharedServer() {}

  /** A new, empty database. */
  static DatabaseSettings empty() {
    String name = "test_" + COUNT.incrementAndGet();
    try (Connection connection = SERVER.superuser("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name + " OWNER tachi_owner");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return SERVER.settings().withDatabase(name);
  }

  /** A new database with all migrations. */
  static DatabaseSettings migrated() {
    DatabaseSettings settings = empty();
    Migrations.migrate(settings);
    return settings;
  }

  private static EmbeddedDatabase start() {
    try {
      Path directory = Files.createTempDirectory("tachi-store-test");
      EmbeddedDatabase server = EmbeddedDatabase.start(EmbeddedOptions.in(directory).notDurable());
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> {
                server.close();
                try {
                  PostgresBinaries.deleteTree(directory);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
