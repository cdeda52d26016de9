package network.tachi.store;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import network.tachi.evm.InvalidValueException;

/**
 * Where the database is and how its roles log in.
 *
 * @param jdbcUrl {@code jdbc:postgresql://host:port/database}, with driver parameters if needed but
 *     without user and password
 * @param passwords the password of each role that this process uses; never printed
 */
public record DatabaseSettings(String jdbcUrl, Map<DatabaseRole, String> passwords) {
  private static final String PREFIX = "jdbc:postgresql:";

  /** Checks the URL and copies the passwords. */
  public DatabaseSettings {
    if (!jdbcUrl.startsWith(PREFIX)) {
      throw new InvalidValueException(
          "database URL", PREFIX + "//host:port/database", address(jdbcUrl));
    }
    if (jdbcUrl.contains("password=") || jdbcUrl.contains("user=")) {
      throw new InvalidValueException(
          "database URL", "no user or password, which are settings of their own", address(jdbcUrl));
    }
    passwords = Map.copyOf(passwords);
  }

  /** Settings where each role's password is asked of a function, such as one that reads files. */
  public static DatabaseSettings of(String jdbcUrl, Function<DatabaseRole, String> passwords) {
    Map<DatabaseRole, String> all = new EnumMap<>(DatabaseRole.class);
    for (DatabaseRole role : DatabaseRole.values()) {
      all.put(role, passwords.apply(role));
    }
    return new DatabaseSettings(jdbcUrl, all);
  }

  /** Settings where all roles have the same password, as on the embedded server. */
  public static DatabaseSettings of(String jdbcUrl, String password) {
    return of(jdbcUrl, _ -> password);
  }

  /** The URL without driver parameters, for messages. */
  public String address() {
    return address(jdbcUrl);
  }

  /**
   * The password of a role.
   *
   * @throws InvalidValueException if there is none
   */
  String password(DatabaseRole role) {
    String password = passwords.get(role);
    if (password == null) {
      throw new InvalidValueException("database password", "one for " + role.user(), "none");
    }
    return password;
  }

  /** The same settings with another database on the same server. */
  public DatabaseSettings withDatabase(String name) {
    int slash = jdbcUrl.lastIndexOf('/');
    int query = jdbcUrl.indexOf('?');
    String rest = query < 0 ? "" : jdbcUrl.substring(query);
    return new DatabaseSettings(jdbcUrl.substring(0, slash + 1) + name + rest, passwords);
  }

  /** The address and the roles, without passwords. */
  @Override
  public String toString() {
    return "DatabaseSettings[" + address() + ", roles=" + passwords.keySet() + "]";
  }

  private static String address(String url) {
    int query = url.indexOf('?');
    return query < 0 ? url : url.substring(0, query);
  }
}
