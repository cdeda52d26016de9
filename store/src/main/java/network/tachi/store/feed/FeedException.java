package network.tachi.store.feed;

/**
 * Thrown when a cursor cannot be followed. The consumer has to build its state anew from the tables
 * and to go on from {@link Feed#now}.
 */
public abstract sealed class FeedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private FeedException(String message) {
    super(message);
  }

  /** A stable snake_case word for the reason. */
  public abstract String code();

  /** The cursor belongs to a feed that does not exist any more: the database was filled afresh. */
  public static final class OtherHistory extends FeedException {
    private static final long serialVersionUID = 1L;

    OtherHistory(FeedSource source, FeedPosition found, FeedPosition head) {
      super(
          "feed of "
              + source.key()
              + ": expected a cursor of history "
              + head.history()
              + " up to "
              + head.sequence()
              + ", found "
              + found.history()
              + " at "
              + found.sequence());
    }

    @Override
    public String code() {
      return "feed_other_history";
    }
  }

  /** Rows after the cursor are no longer kept. */
  public static final class Expired extends FeedException {
    private static final long serialVersionUID = 1L;

    Expired(FeedSource source, long wanted) {
      super("feed of " + source.key() + ": row " + wanted + " is no longer kept");
    }

    @Override
    public String code() {
      return "feed_expired";
    }
  }
}
