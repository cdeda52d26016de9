package network.tachi.store.feed;

import java.util.List;

/**
 * The next rows of the feed.
 *
 * @param entries those of each source in their order
 * @param cursor where the next batch begins; to be stored in the transaction that uses the entries
 * @param more whether there were more rows than asked for
 */
public record FeedBatch(List<FeedEntry> entries, FeedCursor cursor, boolean more) {
  /** Copies the entries. */
  public FeedBatch {
    entries = List.copyOf(entries);
  }
}
