package network.tachi.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import network.tachi.evm.ChainId;
import network.tachi.evm.InvalidValueException;
import network.tachi.store.feed.Feed;
import network.tachi.store.feed.FeedBatch;
import network.tachi.store.feed.FeedBell;
import network.tachi.store.feed.FeedCursor;
import network.tachi.store.feed.FeedEntry;
import network.tachi.store.feed.FeedException;
import network.tachi.store.feed.FeedKind;
import network.tachi.store.feed.FeedPosition;
import network.tachi.store.feed.FeedSource;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The feed as its readers see it. */
class FeedTest {
  private static final FeedSource CHAIN = FeedSource.of(ChainId.of(84532));
  private static final Duration NEVER = Duration.ofHours(1);

  private final DatabaseSettings settings = SharedServer.migrated();
  private final Database writer = Database.open(settings, DatabaseRole.OWNER, 2);
  private final Database reader = Database.open(settings, DatabaseRole.QUERY_API, 3);
  private final Feed feed = new Feed(Set.of(CHAIN, FeedSource.metering()));

  @AfterEach
  void close() {
    reader.close();
    writer.close();
  }

  private void commit(long sequence, String kind, long first, long last) {
    writer.run(tx -> {
      tx.execute(
          """
          INSERT INTO chain.checkpoint VALUES (84532, {0}, 9, {0}, 1, 9, {0}, 9, {0}, {1}, 1, now())
          ON CONFLICT (chain_id) DO UPDATE SET feed_seq = excluded.feed_seq
          """,
          DSL.val(new byte[32]), DSL.val(sequence));
      tx.execute(
          "INSERT INTO chain.feed VALUES (84532, ?, ?, ?, ?, ?, now(), 1)",
          sequence,
          kind,
          first,
          last,
          new byte[32]);
      tx.execute("SELECT pg_notify('tachi_chain', '')");
    });
  }

  private FeedCursor now() {
    return reader.snapshot(feed::now);
  }

  private FeedBatch after(FeedCursor cursor, int limit) {
    return reader.snapshot(tx -> feed.after(tx, cursor, limit));
  }

  @Test
  void cursorFromNow_shouldSeeOnlyWhatFollows() {
    commit(1, "blocks", 1, 5);
    FeedCursor now = now();
    assertThat(after(now, 10).entries()).isEmpty();

    commit(2, "fork", 4, 5);
    commit(3, "blocks", 4, 6);

    FeedBatch batch = after(now, 10);
    assertThat(batch.entries()).extracting(FeedEntry::sequence).containsExactly(2L, 3L);
    assertThat(batch.entries())
        .extracting(FeedEntry::kind)
        .containsExactly(FeedKind.FORK, FeedKind.BLOCKS);
    assertThat(batch.entries().getFirst().kind().isUndo()).isTrue();
    assertThat(batch.cursor()).isEqualTo(now());
  }

  @Test
  void cursorOfAnEmptyDatabase_shouldSeeTheFirstRow() {
    FeedCursor before = now();
    commit(1, "blocks", 1, 5);
    assertThat(after(before, 10).entries()).hasSize(1);
  }

  @Test
  void limit_shouldBeSaidAndGoneOnFrom() {
    FeedCursor start = now();
    for (int i = 1; i <= 5; i++) {
      commit(i, "blocks", i, i);
    }
    FeedBatch first = after(start, 2);
    assertThat(first.more()).isTrue();
    FeedBatch second = after(FeedCursor.parse(first.cursor().toString()), 2);
    assertThat(second.entries()).extracting(FeedEntry::sequence).containsExactly(3L, 4L);
    assertThat(after(second.cursor(), 2).more()).isFalse();
  }

  @Test
  void cursorOfAnotherHistory_shouldBeRefused() {
    commit(1, "blocks", 1, 5);
    FeedCursor now = now();
    FeedCursor foreign = now.with(CHAIN, new FeedPosition(UUID.randomUUID(), 1));
    FeedCursor ahead = now.with(CHAIN, new FeedPosition(now.position(CHAIN).history(), 2));
    for (FeedCursor wrong : Set.of(foreign, ahead)) {
      assertThatThrownBy(() -> after(wrong, 10))
          .isInstanceOfSatisfying(
              FeedException.OtherHistory.class,
              e -> assertThat(e.code()).isEqualTo("feed_other_history"));
    }
  }

  @Test
  void rowsThatAreNoLongerKept_shouldBeSaid() {
    FeedCursor start = now();
    commit(1, "blocks", 1, 5);
    commit(2, "blocks", 6, 6);
    writer.dsl().execute("DELETE FROM chain.feed WHERE seq = 1");
    assertThatThrownBy(() -> after(start, 10)).isInstanceOf(FeedException.Expired.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "84532", "84532:x:1", "84532:0-0-0-0-0:-1", "x:0-0-0-0-0:1", ",", "1:2:3:4"})
  void textThatIsNoCursor_shouldBeRefused(String text) {
    assertThatThrownBy(() -> FeedCursor.parse(text))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("feed cursor");
  }

  @Test
  void bell_shouldRingAtACommitAndHearAgainAfterItsConnectionWasCut() throws Exception {
    BlockingQueue<Long> rings = new LinkedBlockingQueue<>();
    try (FeedBell _ =
        FeedBell.start("bell", reader, Set.of(CHAIN), NEVER, () -> rings.add(System.nanoTime()))) {
      assertThat(rings.poll(10, TimeUnit.SECONDS)).as("at its start").isNotNull();
      commit(1, "blocks", 1, 1);
      assertThat(rings.poll(5, TimeUnit.SECONDS)).as("at a commit").isNotNull();

      reader
          .dsl()
          .execute(
              "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user"
                  + " AND datname = current_database() AND pid <> pg_backend_pid()");
      assertThat(rings.poll(10, TimeUnit.SECONDS)).as("the cut itself").isNotNull();
    }
  }

  @Test
  void bellWithoutNotices_shouldRingInItsRhythm() throws Exception {
    BlockingQueue<Long> rings = new LinkedBlockingQueue<>();
    try (FeedBell _ =
        FeedBell.start("bell", reader, Set.of(CHAIN), Duration.ofMillis(50), () -> rings.add(1L))) {
      for (int i = 0; i < 3; i++) {
        assertThat(rings.poll(10, TimeUnit.SECONDS)).isNotNull();
      }
    }
  }
}
