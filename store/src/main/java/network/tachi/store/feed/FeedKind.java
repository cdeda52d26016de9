package network.tachi.store.feed;

/** What a commit did. The two of a kind that undo come before what replaces it. */
public enum FeedKind {
  /** A chain: the blocks first to last came on top. */
  BLOCKS("blocks", false),
  /** A chain: the blocks first to last, the old head, were undone. */
  FORK("fork", true),
  /** A chain: first is finalized and last is safe now; no block came or went. */
  FINALITY("finality", false),
  /** The usage log: the lines first to last were sequenced. */
  ENTRIES("entries", false),
  /** The usage log: the lines from first on, last being the end, were taken back. */
  ENTRIES_CUT("entries_cut", true),
  /** The epochs first to last were closed, or their state changed. */
  EPOCHS("epochs", false),
  /** The epochs from first on, last being the newest, were voided or taken back. */
  EPOCHS_CUT("epochs_cut", true);

  private final String column;
  private final boolean undo;

  FeedKind(String column, boolean undo) {
    this.column = column;
    this.undo = undo;
  }

  /** How the feed's tables spell it. */
  public String column() {
    return column;
  }

  /** Whether it says that something no longer stands. */
  public boolean isUndo() {
    return undo;
  }

  /**
   * The kind that the feed's tables spell so.
   *
   * @throws IllegalArgumentException if there is none
   */
  static FeedKind of(String column) {
    for (FeedKind kind : values()) {
      if (kind.column.equals(column)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("no kind of feed rows is spelled " + column);
  }
}
