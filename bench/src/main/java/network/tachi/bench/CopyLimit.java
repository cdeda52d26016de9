package network.tachi.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.postgresql.PGConnection;

/**
 * What no indexer of these rows can beat: one binary COPY of rows that are there already, in one
 * transaction, and the table's own indexes built behind it, the totals summed last.
 */
final class CopyLimit implements Contender {
  private static final String NAME = "binary COPY, indexes after";
  private static final String DATABASE = "copy_limit";
  private static final int CHUNK = 1 << 16;
  private static final double NANOS = 1e9;

  private final Path file;

  CopyLimit(Path file) {
    this.file = file;
  }

  @Override
  public String name() {
    return NAME;
  }

  /** The table that holds the rows, with its schema: it moves with the projection's form. */
  static String table(Connection connection) {
    return Sql.rows(
            connection,
            "SELECT schemaname || '.' || tablename FROM pg_tables"
                + " WHERE tablename = 'payment_made' ORDER BY 1")
        .getLast()
        .getFirst();
  }

  /** The columns of the table, in order. */
  static List<String> columns(Connection connection) {
    return Sql.rows(
            connection,
            "SELECT attname FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped"
                + " AND attrelid = '"
                + table(connection)
                + "'::regclass ORDER BY attnum")
        .stream()
        .map(List::getFirst)
        .toList();
  }

  @Override
  public Result run(BackfillRun run) {
    return run(run.postgres(), run.expected());
  }

  /** The seconds that it takes. */
  double seconds(BenchPostgres postgres, Expected expected) {
    return run(postgres, expected).seconds();
  }

  private Result run(BenchPostgres postgres, Expected expected) {
    postgres.tachi(DATABASE);
    try (Connection connection = postgres.connect(DATABASE);
        Statement statement = connection.createStatement();
        Meter database = postgres.meter()) {
      String table = table(connection);
      List<String> indexes = dropIndexes(connection, statement, table);
      long started = System.nanoTime();
      double cpuBefore = cpuNanos();
      connection.setAutoCommit(false);
      copy(connection, table);
      connection.commit();
      long copied = System.nanoTime();
      for (String index : indexes) {
        statement.execute(index);
      }
      connection.commit();
      List<List<String>> totals =
          Sql.rows(
              connection, "SELECT license_id, sum(amount), count(*) FROM " + table + " GROUP BY 1");
      long ended = System.nanoTime();
      String differences =
          expected.differences(Sql.number(connection, "SELECT count(*) FROM " + table), totals);
      return new Result(
          NAME,
          expected.payments(),
          (ended - started) / NANOS,
          (copied - started) / NANOS,
          expected.payments(),
          (cpuNanos() - cpuBefore) / NANOS,
          0,
          database.cpuSeconds(),
          0,
          0,
          0,
          differences);
    } catch (SQLException e) {
      throw new BenchException("COPY failed", e);
    }
  }

  private static double cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  /** Drops all indexes of a table; returns what builds them again, the primary key first. */
  private static List<String> dropIndexes(Connection connection, Statement statement, String table)
      throws SQLException {
    List<String> build =
        new java.util.ArrayList<>(
            Sql.rows(
                    connection,
                    "SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass,"
                        + " conname, pg_get_constraintdef(oid)) FROM pg_constraint"
                        + " WHERE contype IN ('p', 'u') AND conrelid = '"
                        + table
                        + "'::regclass")
                .stream()
                .map(List::getFirst)
                .toList());
    List<List<String>> plain =
        Sql.rows(
            connection,
            "SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index i"
                + " WHERE NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)"
                + " AND indrelid = '"
                + table
                + "'::regclass");
    for (List<String> index : plain) {
      build.add(index.get(1));
      statement.execute("DROP INDEX " + index.get(0));
    }
    for (List<String> constraint :
        Sql.rows(
            connection,
            "SELECT conname FROM pg_constraint WHERE contype IN ('p', 'u') AND conrelid = '"
                + table
                + "'::regclass")) {
      statement.execute(
          "ALTER TABLE " + table + " DROP CONSTRAINT " + constraint.getFirst() + " CASCADE");
    }
    return build;
  }

  private void copy(Connection connection, String table) throws SQLException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), CHUNK)) {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY " + table + " FROM STDIN (FORMAT binary)", in, CHUNK);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
