package network.tachi.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import network.tachi.store.DatabaseSettings;

/** Our indexer: receipts verified, typed rows, totals per licence. */
final class TachiContender implements Contender {
  private static final String TOTALS = "chain.license_total";

  private final String name;
  private final String database;
  private final List<String> options;

  /**
   * Ours.
   *
   * @param name in the table
   * @param database the name of its database
   * @param options for Java
   */
  TachiContender(String name, String database, List<String> options) {
    this.name = name;
    this.database = database;
    this.options = options;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Result run(BackfillRun run) {
    DatabaseSettings settings = run.postgres().tachi(database);
    try (Connection connection = run.postgres().connect(database);
        Tachi tachi = Tachi.start(database, run.folder(), run.node(), settings, options);
        Stopwatch watch = new Stopwatch(run, tachi.child())) {
      tachi
          .child()
          .await(
              "is at the head",
              run.limit(),
              () -> {
                long indexed = Tachi.indexed(connection, Tachi.settlementChain());
                if (indexed > 0) {
                  watch.look(() -> rows(connection));
                }
                return indexed >= run.blocks() && Tachi.hasIndexes(connection);
              });
      List<List<String>> totals = totals(connection);
      return watch.stop(name, () -> run.expected().differences(rows(connection), totals));
    } catch (SQLException e) {
      throw new BenchException("database of " + name, e);
    }
  }

  private static long rows(Connection connection) {
    return Sql.number(connection, "SELECT count(*) FROM chain.payment_made");
  }

  /** Kept with the rows where the schema has such a table; else summed now, at our cost. */
  private static List<List<String>> totals(Connection connection) {
    return Sql.rows(
        connection,
        Sql.exists(connection, TOTALS)
            ? "SELECT license_id, amount, payments FROM " + TOTALS
            : "SELECT license_id, sum(amount), count(*) FROM chain.payment_made GROUP BY 1");
  }

  /** What is wrong with the rows and totals that are stored now; empty if nothing is. */
  static String differences(Expected expected, Connection connection) {
    return expected.differences(rows(connection), totals(connection));
  }
}
