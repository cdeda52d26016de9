package network.tachi.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import network.tachi.store.DatabaseSettings;
import network.tachi.store.EmbeddedDatabase;
import network.tachi.store.EmbeddedOptions;
import network.tachi.store.Migrations;
import network.tachi.store.StoreException;

/** The one PostgreSQL of this JVM's tests, with a migrated database to copy from. */
final class TestServer {
  private static final System.Logger LOGGER = System.getLogger(TestServer.class.getName());
  private static final String TEMPLATE = "tachi_template";
  private static final String PREFIX = "tachi-test-";

  private final EmbeddedDatabase server;

  private TestServer(EmbeddedDatabase server) {
    this.server = server;
  }

  /** Holds the server; made when a test first asks for a database. */
  private static final class Holder {
    private static final TestServer INSTANCE = start();
  }

  static TestServer instance() {
    return Holder.INSTANCE;
  }

  /** Copies the template. */
  DatabaseSettings create(String name) {
    // Without fsync, copying files is twice as fast as writing all blocks through the log.
    execute(
        "CREATE DATABASE "
            + name
            + " TEMPLATE "
            + TEMPLATE
            + " OWNER tachi_owner STRATEGY FILE_COPY");
    return server.settings().withDatabase(name);
  }

  /** Drops a copy, whoever is still connected to it. */
  void drop(String name) {
    execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
  }

  private void execute(String sql) {
    try (Connection connection = server.superuser("postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static TestServer start() {
    Path temp = Path.of(System.getProperty("java.io.tmpdir"));
    sweep(temp);
    Path directory = temp.resolve(PREFIX + ProcessHandle.current().pid());
    EmbeddedDatabase postgres = EmbeddedDatabase.start(EmbeddedOptions.in(directory).notDurable());
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              postgres.close();
              delete(directory);
            }));
    TestServer made = new TestServer(postgres);
    made.execute("CREATE DATABASE " + TEMPLATE + " OWNER tachi_owner");
    Migrations.migrate(postgres.settings().withDatabase(TEMPLATE));
    return made;
  }

  /** Stops and deletes what JVMs that were killed have left behind. */
  private static void sweep(Path temp) {
    try (Stream<Path> entries = Files.list(temp)) {
      List<Path> orphans =
          entries
              .filter(path -> path.getFileName().toString().matches(PREFIX + "[0-9]+"))
              .filter(path -> !isAlive(path))
              .toList();
      for (Path orphan : orphans) {
        try (EmbeddedDatabase left =
            EmbeddedDatabase.start(EmbeddedOptions.in(orphan).notDurable())) {
          LOGGER.log(Level.INFO, "stopping {0}, whose tests were killed", left);
        } catch (StoreException e) {
          LOGGER.log(Level.WARNING, "cannot sweep " + orphan, e);
          continue;
        }
        delete(orphan);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isAlive(Path directory) {
    String pid = directory.getFileName().toString().substring(PREFIX.length());
    return ProcessHandle.of(Long.parseLong(pid)).map(ProcessHandle::isAlive).orElse(false);
  }

  private static void delete(Path directory) {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      LOGGER.log(Level.WARNING, "cannot delete " + directory, e);
    }
  }
}
