package network.tachi.store.feed;

import java.time.Instant;

/**
 * One row of the feed: it says what changed, not what stands there now. A consumer reads the rows
 * themselves, in the same snapshot; they may be newer than the entry, and then an entry that
 * follows says so.
 *
 * @param source who committed it
 * @param sequence its number in the source's sequence, from 1 on without a gap
 * @param kind what was done
 * @param first the first block, line or epoch
 * @param last the last one
 * @param committedAt when the transaction began, by the database's clock
 */
public record FeedEntry(
    FeedSource source, long sequence, FeedKind kind, long first, long last, Instant committedAt) {}
