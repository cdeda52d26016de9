package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jooq.DSLContext;

/**
 * Starts a new generation (wire.md section 3): cuts the log back to the size of the last good
 * header, voids the epochs after it, and sequences what was cut off again, in its old order. Runs
 * on the sequencer's thread, between two batches.
 */
final class Rewinder {
  private static final Logger LOG = System.getLogger(Rewinder.class.getName());

  private final OracleStore store;
  private final LogTable log;
  private final LogWriter writer;
  private final EpochTable epochs;
  private final Deployment deployment;

  Rewinder(
      OracleStore store, LogTable log, LogWriter writer, EpochTable epochs, Deployment deployment) {
    this.store = requireNonNull(store, "store is null");
    this.log = requireNonNull(log, "log is null");
    this.writer = requireNonNull(writer, "writer is null");
    this.epochs = requireNonNull(epochs, "epochs is null");
    this.deployment = requireNonNull(deployment, "deployment is null");
  }

  /**
   * Follows the ledger to a higher generation. Does nothing if the log is in it already.
   *
   * @param ledger as of a safe block
   * @return the number of entries that were sequenced again
   * @throws LogFaultException if the ledger's last good header is not one of this log
   */
  long follow(LedgerReader.Head ledger) {
    return store.commit(tx -> follow(tx, ledger));
  }

  private long follow(DSLContext tx, LedgerReader.Head ledger) {
    if (log.generation(tx).orElse(0L) >= ledger.generation()) {
      return 0;
    }
    long size = goodSize(tx, ledger);
    List<Admitted> cut = log.tail(tx, size);
    cut(tx, size);
    epochs.voidAfter(tx, ledger.lastPosted());
    log.startGeneration(tx, ledger.generation(), size, ledger.lastPosted());
    LogHead head = new LogHead(ledger.generation(), deployment.config().version(), size);
    Draft draft = writer.draft(tx, head, cut);
    cut.forEach(draft::appendAgain);
    writer.append(tx, draft, List.of());
    LOG.log(
        Level.WARNING,
        "generation {0} starts after epoch {1}: {2} entries from index {3} on are sequenced again",
        ledger.generation(),
        ledger.lastPosted(),
        cut.size(),
        size);
    return cut.size();
  }

  private long goodSize(DSLContext tx, LedgerReader.Head ledger) {
    if (ledger.lastPosted() == 0) {
      return 0;
    }
    return epochs
        .find(tx, ledger.lastPosted())
        .filter(epoch -> epoch.headerHash().equals(ledger.lastHeaderHash()))
        .map(epoch -> epoch.body().logSize())
        .orElseThrow(() ->
            new LogFaultException(
                "the ledger's last good header, epoch "
                    + ledger.lastPosted()
                    + ", is not of this log"));
  }

  private void cut(DSLContext tx, long size) {
    tx.execute(
        "INSERT INTO metering.log_leaf_cut SELECT * FROM metering.log_leaf WHERE log_index >= ?",
        size);
    log.cut(tx, size);
  }
}
