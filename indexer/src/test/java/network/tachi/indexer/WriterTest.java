package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.LEASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import network.tachi.indexer.IndexerStatus.State;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.testkit.AnvilOptions;
import network.tachi.testkit.MutableClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** One writer a chain, and what it does when the database is away. */
class WriterTest {
  private final Scenario scenario = new Scenario(AnvilOptions.BASE);
  private final EmitterChain chain = scenario.chain();

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  void secondIndexer_shouldStandByAndTakeOver() {
    chain.mineBlocksOfPayments(3);
    scenario.index();
    try (Indexer second = scenario.create(scenario.rpc(), CommitStage.Probe.NONE)) {
      second.turn();
      assertThat(second.status().state()).isEqualTo(State.STANDBY);

      chain.mineBlocksOfPayments(2);
      scenario.indexer().close();
      second.turn();

      assertThat(second.status().state()).isEqualTo(State.FOLLOWING);
      scenario.assertEqualsChain();
      assertThat(scenario.checkpoint().getLeaseEpoch()).isEqualTo(2);
    }
  }

  @Test
  void leaseThatIsNotRenewed_shouldBeTakenAfterItsTime() {
    Database database = scenario.database();
    database
        .dsl()
        .execute(
            "INSERT INTO chain.lease VALUES ({0}, 'a dead process', 7, clock_timestamp() + interval"
                + " '300 ms')",
            chain.anvil().chain().value());
    scenario.indexer().turn();
    assertThat(scenario.indexer().status().state()).isEqualTo(State.STANDBY);

    Await.until(
        Duration.ofSeconds(5),
        () -> {
          scenario.indexer().turn();
          return scenario.indexer().status().state() == State.FOLLOWING;
        });
    assertThat(database.dsl().fetchSingle(LEASE).getEpoch()).isEqualTo(8);
  }

  @Test
  void writerThatWasOvertaken_shouldWriteNothing() {
    chain.mineBlocksOfPayments(3);
    scenario.index();
    Map<String, String> before = scenario.rows();
    scenario
        .database()
        .dsl()
        .execute(
            "UPDATE chain.lease SET epoch = epoch + 1, holder = 'another', expires_at ="
                + " clock_timestamp() + interval '1 hour'");
    chain.mineBlocksOfPayments(3);

    scenario.indexer().turn();
    assertThat(scenario.rows()).isEqualTo(before);

    scenario.indexer().turn();
    assertThat(scenario.indexer().status().state()).isEqualTo(State.STANDBY);
    assertThat(scenario.rows()).isEqualTo(before);
  }

  @Test
  void storeThatIsElsewhere_shouldBeLoadedAnew() {
    chain.mineBlocksOfPayments(6);
    scenario.index();
    scenario.indexer().close();
    IndexerMetrics metrics =
        new IndexerMetrics(scenario.meters(), chain.anvil().chain(), InstantSource.system());
    try (WriterLease lease =
        new WriterLease(
            chain.anvil().chain(), "no one", scenario.database(), Duration.ofMinutes(1), metrics)) {
      assertThat(lease.hold()).isTrue();
      ChainStore store =
          new ChainStore(
              chain.indexed(), scenario.database(), lease, metrics, CommitStage.Probe.NONE);
      StoredChain stored = store.load().orElseThrow();
      Change change =
          new Change(
              stored.genesis(),
              Optional.of(stored.finality().finalized()),
              OptionalLong.empty(),
              List.of(),
              stored.blocks().getLast(),
              stored.finality());
      assertThatThrownBy(() -> store.commit(change)).isInstanceOf(StaleCheckpointException.class);
    }
  }

  @Test
  void connectionsCutByTheServer_shouldBeMadeAnew() throws SQLException {
    chain.mineBlocksOfPayments(3);
    scenario.index();
    for (int i = 0; i < 3; i++) {
      chain.mineBlocksOfPayments(2);
      cutConnections();
      Await.until(
          Duration.ofSeconds(10),
          () -> {
            scenario.indexer().turn();
            return scenario.indexer().status().indexed() == chain.head();
          });
      scenario.assertEqualsChain();
    }
  }

  private void cutConnections() throws SQLException {
    try (Connection other =
            scenario.server().another(DatabaseRole.INDEXER).dataSource().getConnection();
        Statement statement = other.createStatement()) {
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND usename = current_user"
              + " AND pid <> pg_backend_pid()");
    }
  }

  @Test
  void indexerThatNoLongerLooks_shouldSayItIsStalled() {
    MutableClock clock = new MutableClock(Instant.now());
    try (Indexer indexer =
        Indexer.create(
            new IndexerRole.Source(chain.indexed(), scenario.rpc()),
            scenario.database(),
            new SimpleMeterRegistry(),
            clock,
            Scenario.SETTINGS)) {
      assertThat(indexer.notReady())
          .hasValueSatisfying(why -> assertThat(why.reason()).isEqualTo("starting"));
      indexer.turn();
      assertThat(indexer.notReady()).isEmpty();

      clock.advance(Duration.ofSeconds(6));

      assertThat(indexer.notReady())
          .hasValueSatisfying(why -> assertThat(why.reason()).isEqualTo("stalled"));
    }
  }

  @Test
  void eachCommit_shouldBeAnnouncedOnce() throws SQLException {
    try (Connection connection =
            scenario.server().as(DatabaseRole.QUERY_API).dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("LISTEN " + ChainStore.CHANNEL);
      chain.mineBlocksOfPayments(3);
      scenario.index();

      PGNotification[] notices = connection.unwrap(PGConnection.class).getNotifications(5_000);
      assertThat(notices).hasSize(1);
      assertThat(notices[0].getParameter())
          .isEqualTo("{\"chainId\":84532,\"seq\":1,\"head\":" + chain.head() + "}");
    }
  }
}
