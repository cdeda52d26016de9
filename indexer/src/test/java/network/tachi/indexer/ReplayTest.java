package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.BLOCK_LOGS;
import static network.tachi.store.jooq.projection.Tables.PAYMENT_MADE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.store.jooq.projection.Projection;
import network.tachi.testkit.AnvilOptions;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The projection made again from stored logs must be the one that indexing made. */
class ReplayTest {
  private final Scenario scenario = new Scenario(AnvilOptions.BASE);
  private final EmitterChain chain = scenario.chain();

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  void replay_shouldGiveTheSameRows() {
    index();
    Map<String, String> indexed = projection(scenario.database());
    int indexesBefore = indexesOf("chain_v1");
    scenario.server().as(DatabaseRole.OWNER).dsl().execute("DELETE FROM chain_v1.payment_made");
    assertThat(projection(scenario.database())).isNotEqualTo(indexed);

    Replay replay = new Replay(scenario.database(), List.of(chain.indexed().id()));
    Replay.Report report = replay.run().getFirst();

    assertThat(projection(scenario.database())).isEqualTo(indexed);
    assertThat(report.events()).isEqualTo(scenario.database().dsl().fetchCount(PAYMENT_MADE));
    assertThat(report.head()).isEqualTo(chain.head());
    assertThat(replay.progress().orElseThrow().share()).isEqualTo(1);
    assertThat(indexesOf("chain_v1")).isEqualTo(indexesBefore);
    scenario.assertEqualsChain();
  }

  @Test
  void indexer_shouldGoOnAfterAReplay() {
    index();
    new Replay(scenario.database(), List.of()).run();
    chain.reorgWithPayments(6, 2);
    chain.mineBlocksOfPayments(3);

    scenario.restart();
    scenario.index();

    scenario.assertEqualsChain();
  }

  @Test
  void chainThatIsBeingWritten_shouldBeRefused() {
    chain.mineBlocksOfPayments(3);
    scenario.index();

    assertThatThrownBy(() -> new Replay(scenario.database(), List.of()).run())
        .isInstanceOf(ReplayRefusedException.class)
        .hasMessageContaining("another process writes it");
  }

  @Test
  void unknownChain_shouldBeRefused() {
    assertThatThrownBy(() -> new Replay(scenario.database(), List.of(ChainId.of(7))).run())
        .isInstanceOf(ReplayRefusedException.class)
        .hasMessageContaining("chain 7 is not indexed");
  }

  @Test
  void missingLogs_shouldChangeNothing() {
    index();
    Map<String, String> before = projection(scenario.database());
    scenario
        .database()
        .dsl()
        .deleteFrom(BLOCK_LOGS)
        .where(BLOCK_LOGS.NUMBER.eq(chain.head() - 1))
        .execute();

    assertThatThrownBy(() -> new Replay(scenario.database(), List.of()).run())
        .isInstanceOf(RawLogsMissingException.class)
        .hasMessageContaining("block " + (chain.head() - 1));
    assertThat(projection(scenario.database())).isEqualTo(before);
  }

  @Test
  void brokenLogs_shouldChangeNothing() {
    index();
    Map<String, String> before = projection(scenario.database());
    scenario
        .database()
        .dsl()
        .update(BLOCK_LOGS)
        .set(BLOCK_LOGS.LOGS, Bytes.parse("0x0101ff"))
        .where(BLOCK_LOGS.NUMBER.eq(chain.head()))
        .execute();

    assertThatThrownBy(() -> new Replay(scenario.database(), List.of()).run())
        .isInstanceOf(CorruptLogsException.class)
        .hasMessageContaining("block " + chain.head());
    assertThat(projection(scenario.database())).isEqualTo(before);
    assertThat(indexesOf("chain_v1")).isGreaterThan(20);
  }

  /** A chain with forks; its indexer stops, since a replay wants the chain for itself. */
  private void index() {
    chain.mineBlocksOfPayments(20);
    scenario.index();
    chain.reorgWithPayments(5, 3);
    scenario.index();
    chain.mineBlocksOfPayments(10);
    scenario.index();
    scenario.indexer().close();
  }

  private int indexesOf(String schema) {
    return scenario
        .database()
        .dsl()
        .fetchCount(DSL.table("pg_indexes"), DSL.condition("schemaname = {0}", DSL.val(schema)));
  }

  private static Map<String, String> projection(Database database) {
    Map<String, String> rows = new TreeMap<>();
    for (Table<?> table : Projection.PROJECTION.getTables()) {
      rows.put(
          table.getName(),
          database.dsl().selectFrom(table).orderBy(table.fields()).fetch().formatCSV());
    }
    return rows;
  }
}
