package network.tachi.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Small queries. */
final class Sql {
  private Sql() {}

  /** The rows of a query, each column as text. */
  static List<List<String>> rows(Connection connection, String query) {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      int columns = result.getMetaData().getColumnCount();
      List<List<String>> rows = new ArrayList<>();
      while (result.next()) {
        List<String> row = new ArrayList<>(columns);
        for (int i = 1; i <= columns; i++) {
          row.add(String.valueOf(result.getString(i)));
        }
        rows.add(row);
      }
      return rows;
    } catch (SQLException e) {
      throw new BenchException(query, e);
    }
  }

  /** The one number of a query; 0 if there is no row. */
  static long number(Connection connection, String query) {
    List<List<String>> rows = rows(connection, query);
    return rows.isEmpty() || rows.getFirst().getFirst().equals("null")
        ? 0
        : Long.parseLong(rows.getFirst().getFirst());
  }

  /** Whether there is a table or view of a name with its schema. */
  static boolean exists(Connection connection, String relation) {
    return number(connection, "SELECT count(to_regclass('" + relation + "'))") > 0;
  }
}
