package network.tachi.store.feed;

import static java.util.Objects.requireNonNull;

import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/**
 * Reads the feed of some sources. Every method reads in the caller's transaction, which should see
 * one snapshot: then the rows that entries speak of are those that the cursor stands for.
 */
public final class Feed {
  private final SortedSet<FeedSource> sources;

  /** Reads these sources. */
  public Feed(Collection<? extends FeedSource> sources) {
    this.sources = new TreeSet<>(sources);
  }

  /** The sources. */
  public Set<FeedSource> sources() {
    return Set.copyOf(sources);
  }

  /** The end of the feed: only what is committed after this snapshot follows. */
  public FeedCursor now(DSLContext tx) {
    TreeMap<FeedSource, FeedPosition> positions = new TreeMap<>();
    sources.forEach(source -> positions.put(source, head(tx, source)));
    return new FeedCursor(positions);
  }

  /**
   * The rows after a cursor.
   *
   * @param limit the most rows of one source, at least 1
   * @throws FeedException.OtherHistory if the cursor is none of this database's feed
   * @throws FeedException.Expired if rows after it are no longer kept
   */
  public FeedBatch after(DSLContext tx, FeedCursor cursor, int limit) {
    List<FeedEntry> entries = new ArrayList<>();
    FeedCursor next = cursor;
    boolean more = false;
    for (FeedSource source : sources) {
      FeedPosition head = head(tx, source);
      FeedPosition from = requireKnown(source, cursor.position(source), head);
      if (from.sequence() < head.sequence()) {
        List<FeedEntry> found = rows(tx, source, from.sequence(), limit);
        if (found.isEmpty() || found.getFirst().sequence() != from.sequence() + 1) {
          throw new FeedException.Expired(source, from.sequence() + 1);
        }
        entries.addAll(found);
        next = next.with(source, new FeedPosition(head.history(), found.getLast().sequence()));
        more |= found.size() == limit;
      }
    }
    return new FeedBatch(entries, next, more);
  }

  /** The position in the present history; a cursor from before the first row has none yet. */
  private static FeedPosition requireKnown(
      FeedSource source, FeedPosition position, FeedPosition head) {
    if (position.equals(FeedPosition.START)) {
      return new FeedPosition(head.history(), 0);
    }
    if (!position.history().equals(head.history()) || position.sequence() > head.sequence()) {
      throw new FeedException.OtherHistory(source, position, head);
    }
    return position;
  }

  private static FeedPosition head(DSLContext tx, FeedSource source) {
    Record row =
        switch (source) {
          case FeedSource.Chain chain ->
              tx.fetchOne(
                  "SELECT feed_history AS history, feed_seq AS seq FROM chain.head WHERE chain_id ="
                      + " ?",
                  chain.chain().value());
          case FeedSource.Metering _ -> tx.fetchOne("SELECT history, seq FROM metering.feed_end");
        };
    return row == null
        ? FeedPosition.START
        : new FeedPosition(row.get("history", UUID.class), row.get("seq", Long.class));
  }

  private static List<FeedEntry> rows(DSLContext tx, FeedSource source, long after, int limit) {
    return switch (source) {
      case FeedSource.Chain chain ->
          tx.fetch(
                  """
                  SELECT seq, kind, first_block AS first, last_block AS last, committed_at
                  FROM chain.feed_entry WHERE chain_id = ? AND seq > ? ORDER BY seq LIMIT ?
                  """,
                  chain.chain().value(),
                  after,
                  limit)
              .map(row -> entry(source, row));
      case FeedSource.Metering _ ->
          tx.fetch(
                  """
                  SELECT seq, kind, first, last, committed_at
                  FROM metering.feed_entry WHERE seq > ? ORDER BY seq LIMIT ?
                  """,
                  after,
                  limit)
              .map(row -> entry(source, row));
    };
  }

  private static FeedEntry entry(FeedSource source, Record row) {
    return new FeedEntry(
        source,
        row.get("seq", Long.class),
        FeedKind.of(row.get("kind", String.class)),
        row.get("first", Long.class),
        row.get("last", Long.class),
        requireTime(row.get("committed_at", OffsetDateTime.class)).toInstant());
  }

  private static OffsetDateTime requireTime(@Nullable OffsetDateTime time) {
    return requireNonNull(time, "committed_at is null");
  }
}
