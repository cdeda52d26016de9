package network.tachi.store;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows of one table, gathered in memory and written by one binary COPY, which costs the server a
 * fraction of inserts. How a column is written follows from its type in the generated model. Not
 * for use by many threads.
 */
public final class CopyRows {
  /** Bytes handed over at a time. */
  private static final int CHUNK = 256 << 10;

  private final Table<?> table;
  private final Field<?>[] fields;
  private final ColumnWriter[] writers;
  private final CopyBuffer buffer = new CopyBuffer();

  /** Writes a value that is not null. */
  @FunctionalInterface
  private interface ColumnWriter {
    void write(CopyBuffer buffer, Object value);
  }

  /**
   * No rows yet.
   *
   * @param table a table of the generated model
   * @throws IllegalArgumentException if a column is of a type that is not known here
   */
  public CopyRows(Table<?> table) {
    this.table = table;
    this.fields = table.fields();
    this.writers = Arrays.stream(fields).map(CopyRows::writer).toArray(ColumnWriter[]::new);
  }

  /** The table. */
  public Table<?> table() {
    return table;
  }

  /** The number of rows. */
  public int size() {
    return buffer.rows();
  }

  /** The bytes that the rows take. */
  public int bytes() {
    return buffer.size();
  }

  /** Begins a row, whose columns are then written in the table's order. */
  public CopyBuffer begin() {
    buffer.beginRow(fields.length);
    return buffer;
  }

  /** The row begun last. */
  public CopyBuffer current() {
    return buffer;
  }

  /**
   * Adds a row.
   *
   * @param row of this very table: its columns in the table's order
   */
  public void add(Record row) {
    buffer.beginRow(writers.length);
    for (int i = 0; i < writers.length; i++) {
      Object value = row.get(i);
      if (value == null) {
        buffer.none();
      } else {
        writers[i].write(buffer, value);
      }
    }
  }

  /** Forgets the rows. */
  public void clear() {
    buffer.clear();
  }

  /**
   * Writes the rows within a transaction, and forgets them.
   *
   * @throws DataAccessException if the database refuses one, or fails
   */
  public void flush(DSLContext tx) {
    if (buffer.rows() == 0) {
      return;
    }
    String sql = "COPY " + tx.render(table) + columns() + " FROM STDIN (FORMAT binary)";
    tx.connection(connection -> copy(connection, sql));
    buffer.clear();
  }

  private void copy(Connection connection, String sql) {
    byte[] bytes = buffer.finished();
    int size = buffer.size();
    try {
      CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
      try {
        for (int at = 0; at < size; at += CHUNK) {
          copy.writeToCopy(bytes, at, Math.min(CHUNK, size - at));
        }
        copy.endCopy();
      } finally {
        if (copy.isActive()) {
          copy.cancelCopy();
        }
      }
    } catch (SQLException e) {
      throw new DataAccessException("COPY into " + table.getName() + ": " + e.getMessage(), e);
    }
  }

  /** The columns, so that one added later with a default does not shift them. */
  private String columns() {
    return Arrays.stream(fields)
        .map(field -> '"' + field.getName() + '"')
        .collect(Collectors.joining(", ", " (", ")"));
  }

  private static ColumnWriter writer(Field<?> field) {
    Class<?> type = field.getType();
    if (type == Long.class) {
      return (buffer, value) -> buffer.int64((Long) value);
    }
    if (type == Hash.class) {
      return (buffer, value) -> buffer.hash((Hash) value);
    }
    if (type == Integer.class) {
      return (buffer, value) -> buffer.int32((Integer) value);
    }
    if (type == Address.class) {
      return (buffer, value) -> buffer.address((Address) value);
    }
    if (type == UsdcAmount.class) {
      return (buffer, value) -> buffer.usdc((UsdcAmount) value);
    }
    if (type == Short.class) {
      return (buffer, value) -> buffer.int16((Short) value);
    }
    if (type == String.class) {
      return (buffer, value) -> buffer.text((String) value);
    }
    if (type == Bytes.class) {
      return (buffer, value) -> buffer.bytea((Bytes) value);
    }
    return rareWriter(field, type);
  }

  private static ColumnWriter rareWriter(Field<?> field, Class<?> type) {
    if (type == BigInteger.class) {
      return (buffer, value) -> buffer.numeric((BigInteger) value);
    }
    if (type == Boolean.class) {
      return (buffer, value) -> buffer.bool((Boolean) value);
    }
    if (type == Instant.class) {
      return (buffer, value) -> buffer.timestamp((Instant) value);
    }
    if (type == List.class) {
      return (buffer, value) -> list(buffer, (List<?>) value);
    }
    throw new IllegalArgumentException("no binary form of " + field + ", a " + type.getName());
  }

  private static void list(CopyBuffer buffer, List<?> values) {
    if (values.isEmpty() || values.getFirst() instanceof Hash) {
      buffer.hashes(values.stream().map(Hash.class::cast).toList());
    } else {
      buffer.addresses(values.stream().map(Address.class::cast).toList());
    }
  }
}
