package network.tachi.store;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/*
 * A PostgreSQL server as a child of ours.
 *
 * It outlives us: pg_ctl puts it into a session of its own, so Ctrl-C does not reach it, and after
 * kill -9 of this process the next start finds it by postmaster.pid and adopts it. What is adopted
 * must be the very process that wrote that file, must take our password, and must serve our data
 * directory; otherwise the start is refused rather than guessed at. If the server died, PostgreSQL's
 * own recovery brings the data back when it is started again.
 *
 * A data directory appears by an atomic rename, so a killed initdb leaves nothing half-made behind.
 */
/** PostgreSQL 18 on loopback, its data kept in a directory. */
public final class EmbeddedDatabase implements AutoCloseable {
  private static final String VERSION = "18";
  private static final String ADMIN = "postgres";
  private static final String DATABASE = "tachi";
  private static final String HOST = "127.0.0.1";
  private static final Duration INIT_LIMIT = Duration.ofMinutes(2);
  private static final Duration START_LIMIT = Duration.ofMinutes(5);
  private static final Duration STOP_LIMIT = Duration.ofMinutes(1);
  private static final int START_TRIES = 5;
  private static final long POLL_NANOS = 20_000_000;
  private static final System.Logger LOGGER = System.getLogger(EmbeddedDatabase.class.getName());

  private final EmbeddedOptions options;
  private final PostgresCommand command;
  private final String password;
  private final Postmaster postmaster;
  private final boolean adopted;

  private EmbeddedDatabase(
      EmbeddedOptions options,
      PostgresCommand command,
      String password,
      Postmaster postmaster,
      boolean adopted) {
    this.options = options;
    this.command = command;
    this.password = password;
    this.postmaster = postmaster;
    this.adopted = adopted;
  }

  /**
   * Adopts the directory's running server, or starts one; makes the directory first if it is not
   * there. The database {@code tachi} and its owner exist afterwards; {@link Migrations#migrate}
   * does the rest.
   *
   * @throws StoreException.Foreign if the directory or its port belongs to something else
   * @throws StoreException.WrongVersion if the directory was made by another major version
   * @throws StoreException.EmbeddedFailure if the server cannot be unpacked or started
   */
  public static EmbeddedDatabase start(EmbeddedOptions options) {
    try {
      Files.createDirectories(options.directory());
      try (FileChannel channel =
              FileChannel.open(
                  options.directory().resolve("lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        assert lock.isValid();
        EmbeddedDatabase server = startLocked(options);
        server.createDatabase();
        return server;
      }
    } catch (IOException e) {
      throw new StoreException.EmbeddedFailure(
          "cannot use " + options.directory() + ": " + e.getMessage(), e);
    }
  }

  /** Address and passwords of all roles. */
  public DatabaseSettings settings() {
    return DatabaseSettings.of(url(DATABASE), password);
  }

  /** The port on loopback. */
  public int port() {
    return postmaster.port();
  }

  /** The server's process. */
  public long pid() {
    return postmaster.pid();
  }

  /** Whether the server ran already when it was started here. */
  public boolean isAdopted() {
    return adopted;
  }

  /** A connection of the superuser to a database of this server. */
  public Connection superuser(String database) {
    return Connections.open(url(database), url(database), ADMIN, password);
  }

  /**
   * Stops the server in order: open transactions are rolled back, what was committed is written.
   *
   * @throws StoreException.EmbeddedFailure if it does not stop
   */
  @Override
  public void close() {
    if (!postmaster.isAlive()) {
      return;
    }
    PostgresCommand.Outcome outcome =
        command.run(
            STOP_LIMIT.plusSeconds(5),
            "pg_ctl",
            List.of(
                "stop",
                "-m",
                "fast",
                "-w",
                "-t",
                String.valueOf(STOP_LIMIT.toSeconds()),
                "-D",
                options.data().toString()));
    if (outcome.code() != 0 && postmaster.isAlive()) {
      throw new StoreException.EmbeddedFailure("cannot stop PostgreSQL: " + outcome.output(), null);
    }
  }

  @Override
  public String toString() {
    return "EmbeddedDatabase[" + HOST + ":" + port() + ", " + options.directory() + "]";
  }

  private static EmbeddedDatabase startLocked(EmbeddedOptions options) throws IOException {
    PostgresCommand command = new PostgresCommand(PostgresBinaries.unpack(options.binaries()));
    Path data = options.data();
    if (!Files.exists(data)) {
      initialise(options, command);
    }
    Path versionFile = data.resolve("PG_VERSION");
    Path passwordFile = options.directory().resolve("password");
    if (!Files.exists(versionFile) || !Files.exists(passwordFile)) {
      throw new StoreException.Foreign(
          data + " is not a data directory that was made here: move it away or choose another");
    }
    String version = Files.readString(versionFile).strip();
    if (!version.equals(VERSION)) {
      throw new StoreException.WrongVersion(data.toString(), VERSION, version);
    }
    String password = Files.readString(passwordFile).strip();
    Optional<Postmaster> running = Postmaster.read(data);
    if (running.isPresent() && running.get().isAlive()) {
      return adopt(options, command, password, running.get());
    }
    // PostgreSQL would refuse to start if the number in a stale file is now another process's.
    Files.deleteIfExists(data.resolve("postmaster.pid"));
    return launch(options, command, password);
  }

  private static EmbeddedDatabase adopt(
      EmbeddedOptions options, PostgresCommand command, String password, Postmaster running) {
    if (options.port() != 0 && options.port() != running.port()) {
      throw new StoreException.Foreign(
          "PostgreSQL of "
              + options.directory()
              + " runs already, on port "
              + running.port()
              + " instead of "
              + options.port());
    }
    EmbeddedDatabase server = new EmbeddedDatabase(options, command, password, running, true);
    server.awaitReady();
    server.checkOurs();
    LOGGER.log(System.Logger.Level.INFO, "adopted PostgreSQL, process {0}", running.pid());
    return server;
  }

  private static EmbeddedDatabase launch(
      EmbeddedOptions options, PostgresCommand command, String password) throws IOException {
    Path portFile = options.directory().resolve("port");
    String output = "";
    for (int attempt = 0; attempt < START_TRIES; attempt++) {
      int port = choosePort(options, portFile);
      PostgresCommand.Outcome outcome =
          command.run(START_LIMIT.plusSeconds(5), "pg_ctl", startArguments(options, port));
      Optional<Postmaster> running = Postmaster.read(options.data());
      if (outcome.code() == 0 && running.isPresent()) {
        Files.writeString(portFile, String.valueOf(port));
        return new EmbeddedDatabase(options, command, password, running.get(), false);
      }
      output = outcome.output();
    }
    throw new StoreException.EmbeddedFailure(
        "PostgreSQL does not start, see " + options.log() + ": " + output, null);
  }

  private static List<String> startArguments(EmbeddedOptions options, int port) {
    return List.of(
        "start",
        "-w",
        "-t",
        String.valueOf(START_LIMIT.toSeconds()),
        "-D",
        options.data().toString(),
        "-l",
        options.log().toString(),
        "-o",
        "-p " + port + (options.durable() ? "" : " -c fsync=off -c full_page_writes=off"));
  }

  private static int choosePort(EmbeddedOptions options, Path portFile) throws IOException {
    if (options.port() != 0) {
      if (!isFree(options.port())) {
        throw new StoreException.Foreign(
            "port " + options.port() + " is in use by another process");
      }
      return options.port();
    }
    if (Files.exists(portFile)) {
      int last = Integer.parseInt(Files.readString(portFile).strip());
      if (isFree(last)) {
        return last;
      }
    }
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private static void initialise(EmbeddedOptions options, PostgresCommand command)
      throws IOException {
    byte[] secret = new byte[24];
    new SecureRandom().nextBytes(secret);
    Path passwordFile = options.directory().resolve("password");
    Files.deleteIfExists(passwordFile);
    Files.createFile(
        passwordFile,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(passwordFile, HexFormat.of().formatHex(secret));
    Path fresh = options.directory().resolve("data.new");
    PostgresBinaries.deleteTree(fresh);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-D",
                fresh.toString(),
                "-U",
                ADMIN,
                "-A",
                "scram-sha-256",
                "--pwfile=" + passwordFile,
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--locale=C.UTF-8"));
    if (!options.durable()) {
      arguments.add("--no-sync");
    }
    PostgresCommand.Outcome outcome = command.run(INIT_LIMIT, "initdb", arguments);
    if (outcome.code() != 0) {
      throw new StoreException.EmbeddedFailure(
          "cannot create " + options.data() + ": " + outcome.output(), null);
    }
    Files.writeString(fresh.resolve("postgresql.conf"), SERVER_SETTINGS, StandardOpenOption.APPEND);
    Files.move(fresh, options.data(), StandardCopyOption.ATOMIC_MOVE);
  }

  private static final String SERVER_SETTINGS =
      """

      # Tachi
      listen_addresses = '127.0.0.1'
      unix_socket_directories = ''
      max_connections = 200
      synchronous_commit = on
      max_wal_senders = 0
      wal_level = minimal
      shared_buffers = 128MB
      max_wal_size = 512MB
      jit = off
      timezone = 'UTC'
      log_timezone = 'UTC'
      """;

  private String url(String database) {
    return "jdbc:postgresql://" + HOST + ":" + postmaster.port() + "/" + database;
  }

  /** Waits while the server still recovers; what it says of itself stands in postmaster.pid. */
  private void awaitReady() {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (postmaster.isAlive() && System.nanoTime() < deadline) {
      try {
        if (Postmaster.isReady(options.data())) {
          return;
        }
      } catch (IOException e) {
        throw new StoreException.EmbeddedFailure("cannot adopt PostgreSQL: " + e.getMessage(), e);
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    throw new StoreException.EmbeddedFailure(
        "PostgreSQL, process " + pid() + ", does not get ready, see " + options.log(), null);
  }

  private void checkOurs() {
    try (Connection connection = superuser(ADMIN)) {
      Path served = Path.of(Connections.query(connection, "SHOW data_directory"));
      if (!served.toRealPath().equals(options.data().toRealPath())) {
        throw new StoreException.Foreign(
            "port " + port() + " is served by another PostgreSQL, of " + served);
      }
    } catch (SQLException | IOException e) {
      throw new StoreException.EmbeddedFailure("cannot adopt PostgreSQL: " + e.getMessage(), e);
    } catch (StoreException.Refused e) {
      throw new StoreException.Foreign(
          "port " + port() + " is served by a PostgreSQL that is not ours: " + e.getMessage());
    }
  }

  private void createDatabase() {
    try (Connection connection = superuser(ADMIN);
        Statement statement = connection.createStatement()) {
      String owner = DatabaseRole.OWNER.user();
      if (Connections.query(connection, "SELECT 1 FROM pg_roles WHERE rolname = '" + owner + "'")
          .isEmpty()) {
        statement.execute("CREATE ROLE " + owner + " LOGIN CREATEROLE PASSWORD '" + password + "'");
      }
      if (Connections.query(
              connection, "SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")
          .isEmpty()) {
        statement.execute("CREATE DATABASE " + DATABASE + " OWNER " + owner);
      }
    } catch (SQLException e) {
      throw new StoreException.EmbeddedFailure(
          "cannot create database " + DATABASE + ": " + e.getMessage(), e);
    }
  }
}
