package network.tachi.testkit;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.store.DatabaseSettings;

/**
 * A real database of its own for a test class, with all migrations: a copy of a template on the one
 * PostgreSQL of this JVM. Between tests {@link #reset} empties it.
 */
public final class TestDatabase implements AutoCloseable {
  private static final int CONNECTIONS = 8;
  private static final AtomicInteger COUNT = new AtomicInteger();

  /** Truncating an empty table costs as much as a full one, so only full ones are truncated. */
  private static final String EMPTY_ALL =
      """
      DO $$
      DECLARE
        candidate text;
        has_rows boolean;
        full_ones text[] := '{}';
      BEGIN
        FOR candidate IN
          SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
           WHERE schemaname IN ('chain', 'metering', 'account', 'gateway', 'deploy')
              OR schemaname ~ '^chain_v[0-9]+$'
        LOOP
          EXECUTE 'SELECT EXISTS (SELECT FROM ' || candidate || ')' INTO has_rows;
          IF has_rows THEN
            full_ones := full_ones || candidate;
          END IF;
        END LOOP;
        IF full_ones <> '{}' THEN
          EXECUTE 'TRUNCATE ' || array_to_string(full_ones, ', ') || ' RESTART IDENTITY CASCADE';
        END IF;
      END
      $$
      """;

  private final String name;
  private final DatabaseSettings settings;
  private final Map<DatabaseRole, Database> pools = new EnumMap<>(DatabaseRole.class);
  private final List<Database> extra = new ArrayList<>();

  private TestDatabase(String name, DatabaseSettings settings) {
    this.name = name;
    this.settings = settings;
  }

  /** Makes a database. The first in a JVM takes some seconds, each other one far below one. */
  public static TestDatabase create() {
    String name = "test_" + COUNT.incrementAndGet();
    return new TestDatabase(name, TestServer.instance().create(name));
  }

  /** Where it is, with the passwords of all roles. */
  public DatabaseSettings settings() {
    return settings;
  }

  /** The pool of a role, the same one each time. It is closed with this database. */
  public synchronized Database as(DatabaseRole role) {
    return pools.computeIfAbsent(role, r -> Database.open(settings, r, CONNECTIONS));
  }

  /** Another pool of a role, as a second process would have. It is closed with this database. */
  public synchronized Database another(DatabaseRole role) {
    Database pool = Database.open(settings, role, CONNECTIONS);
    extra.add(pool);
    return pool;
  }

  /** Empties all tables and starts their counters over; connections stay. */
  public void reset() {
    as(DatabaseRole.OWNER).dsl().execute(EMPTY_ALL);
  }

  /** Closes the pools and drops the database. */
  @Override
  public synchronized void close() {
    pools.values().forEach(Database::close);
    extra.forEach(Database::close);
    TestServer.instance().drop(name);
  }
}
