package network.tachi.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** Makes single connections and tells why one cannot be made. */
final class Connections {
  /** The oldest supported server. */
  static final int OLDEST = 18;

  private static final String CONNECT_SECONDS = "10";

  private Connections() {}

  /** A new connection of a role, on a server of a supported version. */
  static Connection open(DatabaseSettings settings, DatabaseRole role) {
    Connection connection =
        open(settings.jdbcUrl(), settings.address(), role.user(), settings.password(role));
    try {
      int version = connection.getMetaData().getDatabaseMajorVersion();
      if (version < OLDEST) {
        String found = connection.getMetaData().getDatabaseProductVersion();
        connection.close();
        throw new StoreException.WrongVersion(settings.address(), OLDEST + " or newer", found);
      }
      return connection;
    } catch (SQLException e) {
      throw new StoreException.Unreachable(settings.address(), e);
    }
  }

  /** A new connection. */
  static Connection open(String url, String address, String user, String password) {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("connectTimeout", CONNECT_SECONDS);
    properties.setProperty("ApplicationName", "tachi");
    try {
      return DriverManager.getConnection(url, properties);
    } catch (SQLException e) {
      throw explain(address, user, e);
    }
  }

  /** The first column of the first row as text. */
  static String query(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : "";
    }
  }

  private static StoreException explain(String address, String user, SQLException e) {
    String state = String.valueOf(e.getSQLState());
    // Classes 28 (authorisation) and 3D (no such database) come from the server itself.
    return state.startsWith("28") || state.startsWith("3D")
        ? new StoreException.Refused(address, user, e)
        : new StoreException.Unreachable(address, e);
  }
}
