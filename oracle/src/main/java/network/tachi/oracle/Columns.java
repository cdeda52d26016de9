package network.tachi.oracle;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Writes many rows by one statement with constant text: one array a column, expanded by {@code
 * unnest}.
 */
final class Columns<T> {
  private record Column<T>(
      String type, IntFunction<@Nullable Object[]> array, Function<T, @Nullable Object> value) {}

  private final List<Column<T>> columns = new ArrayList<>();

  Columns<T> bigint(Function<T, @Nullable Long> value) {
    columns.add(new Column<>("bigint", Long[]::new, value::apply));
    return this;
  }

  Columns<T> hash(Function<T, Hash> value) {
    columns.add(new Column<>("bytea", byte[][]::new, row -> value.apply(row).toBytes()));
    return this;
  }

  Columns<T> address(Function<T, Address> value) {
    columns.add(new Column<>("bytea", byte[][]::new, row -> value.apply(row).toBytes()));
    return this;
  }

  Columns<T> bytes(Function<T, byte @Nullable []> value) {
    columns.add(new Column<>("bytea", byte[][]::new, value::apply));
    return this;
  }

  Columns<T> amount(Function<T, UsdcAmount> value) {
    columns.add(
        new Column<>(
            "numeric", BigDecimal[]::new, row -> new BigDecimal(value.apply(row).toBigInteger())));
    return this;
  }

  /**
   * Runs a statement whose parameters are these columns, in their order.
   *
   * @return the number of rows it touched
   */
  int execute(DSLContext tx, String sql, List<T> rows) {
    if (rows.isEmpty()) {
      return 0;
    }
    return tx.connectionResult(connection -> {
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        for (int i = 0; i < columns.size(); i++) {
          statement.setArray(i + 1, array(connection, columns.get(i), rows));
        }
        return statement.executeUpdate();
      }
    });
  }

  private static <T> Array array(Connection connection, Column<T> column, List<T> rows)
      throws SQLException {
    @Nullable Object[] values = column.array().apply(rows.size());
    for (int i = 0; i < values.length; i++) {
      values[i] = column.value().apply(rows.get(i));
    }
    return connection.createArrayOf(column.type(), values);
  }
}
