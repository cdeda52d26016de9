package network.tachi.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class MigrationsTest {
  @Test
  void emptyDatabase_shouldBeMigratedOnce() {
    DatabaseSettings settings = SharedServer.empty();

    assertThat(Migrations.migrate(settings)).isPositive();
    assertThat(Migrations.migrate(settings)).isZero();
    Migrations.check(settings, DatabaseRole.GATEWAY);
  }

  @Test
  void emptyDatabase_shouldFailTheCheck() {
    assertThatThrownBy(() -> Migrations.check(SharedServer.empty(), DatabaseRole.OWNER))
        .isInstanceOf(StoreException.OlderSchema.class)
        .hasMessageContaining("lacks migration 1 schemas roles and types");
  }

  @Test
  void newerDatabase_shouldBeLeftAlone() throws Exception {
    DatabaseSettings settings = SharedServer.migrated();
    owner(
        settings,
        "INSERT INTO migration.flyway_schema_history SELECT 100000, '9999', 'of the future', type,"
            + " 'V9999__of_the_future.sql', checksum, installed_by, installed_on, 1, true"
            + " FROM migration.flyway_schema_history WHERE version = '1'");

    assertThatThrownBy(() -> Migrations.migrate(settings))
        .isInstanceOf(StoreException.NewerSchema.class)
        .hasMessageContaining("9999 of the future");
    assertThatThrownBy(() -> Migrations.check(settings, DatabaseRole.GATEWAY))
        .isInstanceOf(StoreException.NewerSchema.class);
  }

  @Test
  void changedMigration_shouldBeRefused() throws Exception {
    DatabaseSettings settings = SharedServer.migrated();
    owner(
        settings,
        "UPDATE migration.flyway_schema_history SET checksum = checksum + 1 WHERE version = '1'");

    assertThatThrownBy(() -> Migrations.migrate(settings))
        .isInstanceOf(StoreException.MigrationFailed.class)
        .hasMessageContaining("checksum mismatch");
  }

  @Test
  void nobodyListening_shouldBeUnreachable() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    DatabaseSettings settings =
        DatabaseSettings.of("jdbc:postgresql://127.0.0.1:" + port + "/tachi", "secret");

    assertThatThrownBy(() -> Database.open(settings, DatabaseRole.ORACLE, 1))
        .isInstanceOf(StoreException.Unreachable.class)
        .hasMessageContaining("127.0.0.1:" + port);
  }

  @Test
  void wrongPassword_shouldBeRefused() {
    DatabaseSettings settings = SharedServer.migrated();
    DatabaseSettings wrong = DatabaseSettings.of(settings.jdbcUrl(), "wrong-one");

    assertThatThrownBy(() -> Database.open(wrong, DatabaseRole.ORACLE, 1))
        .isInstanceOf(StoreException.Refused.class)
        .hasMessageContaining("refuses tachi_oracle")
        .hasMessageNotContaining("wrong-one");
    assertThat(wrong.toString()).doesNotContain("wrong-one");
  }

  @Test
  void missingDatabase_shouldBeRefused() {
    DatabaseSettings settings = SharedServer.migrated().withDatabase("nowhere");

    assertThatThrownBy(() -> Database.open(settings, DatabaseRole.GATEWAY, 1))
        .isInstanceOf(StoreException.Refused.class)
        .hasMessageContaining("nowhere");
  }

  private static void owner(DatabaseSettings settings, String sql) throws Exception {
    try (Connection connection = Connections.open(settings, DatabaseRole.OWNER);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
