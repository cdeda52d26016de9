package network.tachi.store.feed;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import network.tachi.store.Database;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/**
 * Keeps a state of a consumer's own equal to what the feed's sources have committed. The state and
 * the cursor change in one transaction, which also reads what the entries speak of; so each entry
 * counts exactly once, wherever the consumer dies. {@link FeedBell} tells when to {@link #drain}.
 */
public final class FeedConsumer {
  private static final System.Logger LOG = System.getLogger(FeedConsumer.class.getName());
  private static final String SOMEBODY_WAS_FIRST = "40001";

  private final Database database;
  private final Feed feed;
  private final Cursors cursors;
  private final Handler handler;
  private final int limit;

  /** Where a consumer keeps its cursor, in a schema of its own. */
  public interface Cursors {
    /** The stored cursor; it should lock its row, so that of two consumers one waits. */
    Optional<FeedCursor> load(DSLContext tx);

    /** Stores a cursor in place of the last one. */
    void save(DSLContext tx, FeedCursor cursor);
  }

  /** A consumer's state. Both methods read and write in the transaction that moves the cursor. */
  public interface Handler {
    /** Builds the state anew from the tables: there is no cursor, or it leads nowhere. */
    void rebuild(DSLContext tx);

    /**
     * Brings the state up to date.
     *
     * @param entries what changed, those of each source in their order; at least one
     */
    void apply(DSLContext tx, List<FeedEntry> entries);
  }

  /**
   * Creates a consumer that does nothing by itself.
   *
   * @param limit the most rows of a source in one transaction, at least 1
   */
  public FeedConsumer(Database database, Feed feed, Cursors cursors, Handler handler, int limit) {
    this.database = requireNonNull(database, "database is null");
    this.feed = requireNonNull(feed, "feed is null");
    this.cursors = requireNonNull(cursors, "cursors is null");
    this.handler = requireNonNull(handler, "handler is null");
    this.limit = limit;
  }

  /**
   * Takes over all there is, in as many transactions as it needs.
   *
   * @throws DataAccessException if the database fails; what was committed counts
   */
  public void drain() {
    boolean more = true;
    while (more) {
      try {
        more = step();
      } catch (DataAccessException e) {
        if (!SOMEBODY_WAS_FIRST.equals(e.sqlState())) {
          throw e;
        }
      }
    }
  }

  /**
   * Takes over the next rows of the feed in one transaction.
   *
   * @return whether there may be more
   * @throws DataAccessException if the database fails, or another consumer with the same cursor was
   *     first
   */
  public boolean step() {
    return database.transaction(tx -> {
      tx.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      Optional<FeedCursor> cursor = cursors.load(tx);
      if (cursor.isEmpty()) {
        return rebuild(tx);
      }
      FeedBatch batch;
      try {
        batch = feed.after(tx, cursor.get(), limit);
      } catch (FeedException e) {
        LOG.log(System.Logger.Level.WARNING, "built anew from the tables: {0}", e.getMessage());
        return rebuild(tx);
      }
      if (!batch.entries().isEmpty()) {
        handler.apply(tx, batch.entries());
        cursors.save(tx, batch.cursor());
      }
      return batch.more();
    });
  }

  private boolean rebuild(DSLContext tx) {
    FeedCursor now = feed.now(tx);
    handler.rebuild(tx);
    cursors.save(tx, now);
    return false;
  }
}
