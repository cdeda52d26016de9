package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import org.jooq.DSLContext;

/**
 * The oracle's part of the feed. A row gets its number inside the commit that it announces; from
 * there to the commit's end no other commit gets one, so it is written last, and never by a
 * transaction that reads an old snapshot.
 */
final class MeteringFeed {
  /** The channel on which each row is announced. */
  static final String CHANNEL = "tachi_metering";

  /** What a row says. */
  enum Kind {
    /** Lines of the log were sequenced. */
    ENTRIES("entries"),
    /** Lines of the log were taken back. */
    ENTRIES_CUT("entries_cut"),
    /** Epochs were closed, or their state changed. */
    EPOCHS("epochs"),
    /** Epochs were voided or taken back. */
    EPOCHS_CUT("epochs_cut");

    private final String column;

    Kind(String column) {
      this.column = column;
    }
  }

  private MeteringFeed() {}

  /**
   * Writes a row.
   *
   * @param first the first line or epoch
   * @param last the last one
   */
  static void append(DSLContext tx, Kind kind, long first, long last) {
    long sequence =
        requireNonNull(
                tx.fetchOne(
                    """
                    INSERT INTO metering.feed_head AS h (seq) VALUES (1)
                    ON CONFLICT (only_row) DO UPDATE SET seq = h.seq + 1 RETURNING seq
                    """))
            .get("seq", Long.class);
    tx.execute(
        "INSERT INTO metering.feed (seq, kind, first, last, committed_at) VALUES (?, ?, ?, ?,"
            + " now())",
        sequence,
        kind.column,
        first,
        last);
    tx.execute("SELECT pg_notify(?, ?)", CHANNEL, "{\"seq\":" + sequence + "}");
  }
}
