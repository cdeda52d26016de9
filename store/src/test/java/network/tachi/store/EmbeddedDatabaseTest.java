package network.tachi.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseTest {
  @TempDir private Path directory;

  @Test
  void killedServer_shouldRecoverWhatWasCommitted_onTheSamePort() throws Exception {
    int port;
    try (EmbeddedDatabase server = EmbeddedDatabase.start(options())) {
      assertThat(server.isAdopted()).isFalse();
      port = server.port();
      execute(server, "CREATE TABLE kept (n int)");
      execute(server, "INSERT INTO kept VALUES (7)");
      kill(server);

      try (EmbeddedDatabase again = EmbeddedDatabase.start(options())) {
        assertThat(again.isAdopted()).isFalse();
        assertThat(again.port()).isEqualTo(port);
        assertThat(query(again, "SELECT n FROM kept")).isEqualTo("7");
        assertThat(query(again, "SHOW synchronous_commit")).isEqualTo("on");
      }
    }
  }

  @Test
  void runningServer_shouldBeAdopted_andStoppedOnClose() throws Exception {
    long pid;
    try (EmbeddedDatabase first = EmbeddedDatabase.start(options())) {
      pid = first.pid();
      try (EmbeddedDatabase second = EmbeddedDatabase.start(options())) {
        assertThat(second.isAdopted()).isTrue();
        assertThat(second.pid()).isEqualTo(pid);
        assertThat(query(second, "SHOW server_version")).startsWith("18.");
      }
      assertThat(directory.resolve("data/postmaster.pid")).doesNotExist();
      awaitEnd(pid);
    }
  }

  @Test
  void server_shouldLiveInASessionOfItsOwn() throws Exception {
    try (EmbeddedDatabase server = EmbeddedDatabase.start(options())) {
      long session = sessionOf(server.pid());
      assertThat(session).isEqualTo(server.pid()).isNotEqualTo(sessionOf(currentPid()));
    }
  }

  @Test
  void staleFileWithANumberThatIsAnotherProcessNow_shouldNotBeAdopted() throws Exception {
    Path file = directory.resolve("data/postmaster.pid");
    String text;
    try (EmbeddedDatabase server = EmbeddedDatabase.start(options())) {
      assertThat(server.isAdopted()).isFalse();
      text = Files.readString(file);
    }
    Files.writeString(file, text.replaceFirst("^[0-9]+", String.valueOf(currentPid())));

    try (EmbeddedDatabase again = EmbeddedDatabase.start(options())) {
      assertThat(again.isAdopted()).isFalse();
      assertThat(again.pid()).isNotEqualTo(currentPid());
    }
  }

  @Test
  void foreignDirectory_shouldBeRefused() throws Exception {
    Files.createDirectories(directory.resolve("data"));
    Files.writeString(directory.resolve("data/PG_VERSION"), "18\n");

    assertThatThrownBy(() -> EmbeddedDatabase.start(options()))
        .isInstanceOf(StoreException.Foreign.class)
        .hasMessageContaining("not a data directory that was made here");
  }

  @Test
  void dataOfAnotherVersion_shouldBeRefused() throws Exception {
    Files.createDirectories(directory.resolve("data"));
    Files.writeString(directory.resolve("data/PG_VERSION"), "16\n");
    Files.writeString(directory.resolve("password"), "x");

    assertThatThrownBy(() -> EmbeddedDatabase.start(options()))
        .isInstanceOf(StoreException.WrongVersion.class)
        .hasMessageContaining("expected PostgreSQL 18, found 16");
  }

  @Test
  void busyPort_shouldBeRefusedIfDemanded() throws Exception {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> EmbeddedDatabase.start(options().withPort(busy.getLocalPort())))
          .isInstanceOf(StoreException.Foreign.class)
          .hasMessageContaining("port " + busy.getLocalPort());
    }
  }

  @Test
  void busyLastPort_shouldBeReplaced() throws Exception {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Files.writeString(directory.resolve("port"), String.valueOf(busy.getLocalPort()));
      try (EmbeddedDatabase server = EmbeddedDatabase.start(options())) {
        assertThat(server.port()).isNotEqualTo(busy.getLocalPort());
      }
    }
  }

  private EmbeddedOptions options() {
    return EmbeddedOptions.in(directory).notDurable();
  }

  private static void kill(EmbeddedDatabase server) {
    ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();
  }

  /** The file goes first, the process a moment later. */
  private static void awaitEnd(long pid) throws Exception {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isPresent()) {
      process.get().onExit().get(10, TimeUnit.SECONDS);
    }
  }

  private static long currentPid() {
    return ProcessHandle.current().pid();
  }

  /** Field 6 of /proc/pid/stat, counted behind the command's closing bracket. */
  private static long sessionOf(long pid) throws Exception {
    String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[3]);
  }

  private static void execute(EmbeddedDatabase server, String sql) throws Exception {
    try (Connection connection = server.superuser("tachi");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(EmbeddedDatabase server, String sql) throws Exception {
    try (Connection connection = server.superuser("tachi")) {
      return Connections.query(connection, sql);
    }
  }
}
