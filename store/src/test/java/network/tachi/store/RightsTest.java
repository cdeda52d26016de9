package network.tachi.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RightsTest {
  private static DatabaseSettings settings =
      new DatabaseSettings("jdbc:postgresql:", java.util.Map.of());

  @BeforeAll
  static void migrate() {
    settings = SharedServer.migrated();
  }

  @Test
  void everyRole_shouldWriteItsSchemaOnly_andReadOnlyTheViewsOfTheOthers() {
    List<String> wrong = new ArrayList<>();
    try (Database owner = Database.open(settings, DatabaseRole.OWNER, 1)) {
      for (DatabaseRole role : DatabaseRole.values()) {
        if (role == DatabaseRole.OWNER) {
          continue;
        }
        for (Record relation :
            owner
                .dsl()
                .fetch(
                    """
                    SELECT n.nspname, c.relname, c.relkind::text AS kind,
                           has_table_privilege({0}, c.oid, 'SELECT') AS reads,
                           has_table_privilege({0}, c.oid, 'INSERT') AS writes,
                           has_table_privilege({0}, c.oid, 'UPDATE') AS updates,
                           EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'log_index')
                             AND n.nspname IN ('chain', 'chain_v1') AS is_event
                      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                     WHERE n.nspname IN ('chain', 'chain_v1', 'metering', 'account', 'gateway', 'deploy')
                       AND c.relkind IN ('r', 'v')
                    """,
                    org.jooq.impl.DSL.val(role.user()))) {
          // A projection is the indexer's as the schema chain is; its views stand there.
          String schema = relation.get("nspname", String.class).replace("chain_v1", "chain");
          boolean own = schema.equals(role.schema());
          boolean view = relation.get("kind", String.class).equals("v");
          boolean event = relation.get("is_event", boolean.class);
          if (relation.get("reads", boolean.class) != (own || view)
              || relation.get("writes", boolean.class) != (own && !view)
              || relation.get("updates", boolean.class) != (own && !view && !event)) {
            wrong.add(role + ": " + relation.intoMap());
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void oracle_shouldNotWriteWhatTheChainSays() {
    try (Database oracle = Database.open(settings, DatabaseRole.ORACLE, 1)) {
      assertThat(oracle.dsl().fetchCount(org.jooq.impl.DSL.table("chain.license_current")))
          .isZero();
      assertThatThrownBy(() -> oracle.dsl().execute("DELETE FROM chain.deposited"))
          .isInstanceOf(DataAccessException.class)
          .hasMessageContaining("permission denied");
    }
  }

  @Test
  void indexer_shouldNotUpdateAnEvent() {
    try (Database indexer = Database.open(settings, DatabaseRole.INDEXER, 1)) {
      indexer.dsl().execute("DELETE FROM chain_v1.deposited");
      for (String schema : List.of("chain", "chain_v1")) {
        assertThatThrownBy(
                () -> indexer.dsl().execute("UPDATE " + schema + ".deposited SET tx_index = 1"))
            .isInstanceOf(DataAccessException.class)
            .hasMessageContaining("permission denied");
      }
    }
  }

  @Test
  void indexer_shouldNotWriteWhatTheOwnersFunctionsExecute() {
    try (Database indexer = Database.open(settings, DatabaseRole.INDEXER, 1)) {
      assertThatThrownBy(() -> indexer.dsl().execute("DELETE FROM upkeep.deferred_index"))
          .isInstanceOf(DataAccessException.class)
          .hasMessageContaining("permission denied");
      assertThatThrownBy(
              () -> indexer.dsl().execute("SELECT upkeep.clear_projection('chain', ARRAY[1])"))
          .isInstanceOf(DataAccessException.class)
          .hasMessageContaining("expected a projection schema");
    }
    try (Database oracle = Database.open(settings, DatabaseRole.ORACLE, 1)) {
      assertThatThrownBy(() -> oracle.dsl().execute("SELECT upkeep.defer_indexes('chain_v1', 1)"))
          .isInstanceOf(DataAccessException.class)
          .hasMessageContaining("permission denied");
    }
  }

  @Test
  void snapshot_shouldNotWrite() {
    try (Database oracle = Database.open(settings, DatabaseRole.ORACLE, 1)) {
      assertThatThrownBy(() -> oracle.snapshot(tx -> tx.execute("DELETE FROM metering.lease")))
          .isInstanceOf(DataAccessException.class)
          .hasMessageContaining("read-only");
    }
  }
}
