package network.tachi.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import network.tachi.testkit.chain.GeneratedContracts;

/** An indexer of others, in Node.js, with its project below {@code bench/peers}. */
abstract class PeerContender implements Contender {
  private final String name;
  private final String key;

  /**
   * A peer.
   *
   * @param name in the table
   * @param key of its folder, database and login
   */
  PeerContender(String name, String key) {
    this.name = name;
    this.key = key;
  }

  @Override
  public String name() {
    return name;
  }

  /** The folder of its project. */
  Path project() {
    Path project =
        Path.of(System.getProperty("tachi.home", "")).resolve("bench/peers").resolve(key);
    if (!Files.isDirectory(project.resolve("node_modules"))) {
      throw new BenchException(
          key + " is not installed: run 'npm ci --ignore-scripts' in " + project);
    }
    return project.toAbsolutePath();
  }

  /** What must be in its database before it starts. */
  abstract void prepare(Connection connection);

  /** Its command, and variables beside the common ones. */
  abstract List<String> command(Map<String, String> environment);

  /** Whether it has stored the last block; asked often. */
  abstract BooleanSupplier done(Connection connection, long lastBlock);

  /** The table of payments. */
  abstract String payments();

  /** Selects licence, sum and number. */
  abstract String totals();

  @Override
  public Result run(BackfillRun run) {
    Map<String, String> environment = new java.util.HashMap<>();
    String url = run.postgres().foreign(key);
    environment.put("DATABASE_URL", url);
    environment.put("DB_URL", url);
    environment.put("RPC_URL", run.node().settlement().toString());
    environment.put("CONTRACT", GeneratedContracts.DEFAULT.payments().toLowerCaseString());
    environment.put("LAST_BLOCK", Long.toString(run.blocks()));
    environment.put("NODE_ENV", "production");
    try (Connection connection = run.postgres().connect(key)) {
      prepare(connection);
      List<String> command = command(environment);
      try (Child child =
              Child.start(
                  key, command, environment, project(), run.folder().resolve(key + ".log"));
          Stopwatch watch = new Stopwatch(run, child)) {
        BooleanSupplier done = done(connection, run.blocks());
        Waiting.until(
            name + " stores the last block",
            run.limit(),
            () -> {
              watch.look(() -> rows(connection));
              boolean alive = child.isAlive(); // it may end by itself once it is done
              boolean finished = done.getAsBoolean();
              if (!finished && !alive) {
                child.requireAlive();
              }
              return finished;
            });
        return watch.stop(name, () -> differences(run, connection));
      }
    } catch (SQLException e) {
      throw new BenchException("database of " + name, e);
    }
  }

  private long rows(Connection connection) {
    return Sql.exists(connection, payments())
        ? Sql.number(connection, "SELECT count(*) FROM " + payments())
        : 0;
  }

  private String differences(BackfillRun run, Connection connection) {
    return run.expected().differences(rows(connection), Sql.rows(connection, totals()));
  }
}
