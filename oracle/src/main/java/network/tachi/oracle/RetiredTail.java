package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;

/**
 * Drafts entries again that an earlier life sequenced for an attestation key which is no longer
 * ours. Only those that nobody can hold a promise of: beyond the signing watermark, and beyond the
 * newest epoch.
 */
final class RetiredTail {
  private static final Logger LOG = System.getLogger(RetiredTail.class.getName());

  private final OracleStore store;
  private final LogTable log;
  private final LogWriter writer;
  private final EpochTable epochs;
  private final long configVersion;

  RetiredTail(
      OracleStore store, LogTable log, LogWriter writer, EpochTable epochs, long configVersion) {
    this.store = requireNonNull(store, "store is null");
    this.log = requireNonNull(log, "log is null");
    this.writer = requireNonNull(writer, "writer is null");
    this.epochs = requireNonNull(epochs, "epochs is null");
    this.configVersion = configVersion;
  }

  /**
   * Gives the unsigned tail to the configuration in force.
   *
   * @param mark how far keys have been cleared for signing
   * @return the number of entries that were drafted again
   */
  int draftAgain(Optional<Watermark> mark) {
    return store.commit(tx -> draftAgain(tx, mark));
  }

  private int draftAgain(DSLContext tx, Optional<Watermark> mark) {
    Optional<Long> first = log.firstRetired(tx, configVersion);
    if (first.isEmpty()) {
      return 0;
    }
    LogHead end = log.head(tx, configVersion);
    long cleared =
        mark.filter(m -> m.generation() == end.generation()).map(m -> m.index() + 1).orElse(0L);
    long covered = epochs.newest(tx).map(epoch -> epoch.body().logSize()).orElse(0L);
    long from = Math.max(first.get(), Math.max(cleared, covered));
    if (first.get() < from) {
      LOG.log(
          Level.ERROR,
          "entries from index {0} up to {1} were sequenced for a retired attestation key and may"
              + " have been signed; they stay unsigned",
          first.get(),
          from);
    }
    List<Admitted> tail = log.tail(tx, from);
    if (!tail.isEmpty()) {
      log.cut(tx, from);
      Draft draft = writer.draft(tx, new LogHead(end.generation(), configVersion, from), tail);
      tail.forEach(draft::appendAgain);
      writer.append(tx, draft, List.of());
      LOG.log(
          Level.WARNING,
          "{0} entries from index {1} on were sequenced for a retired attestation key; they are"
              + " drafted again",
          tail.size(),
          from);
    }
    return tail.size();
  }
}
