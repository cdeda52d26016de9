package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.oracle.OracleMetrics.OutboxCount;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The order of things between log and chains: follow the ledger's generation, bring the newest
 * epoch on chain, finalise, anchor, and close the next epoch only when the last one is posted. Each
 * step looks at what is there and does what is missing, so that it does not matter where the one
 * before was interrupted. Used by one thread.
 */
final class Conductor {
  private static final Logger LOG = System.getLogger(Conductor.class.getName());

  private final OracleStore store;
  private final LogTable log;
  private final EpochTable epochs;
  private final LedgerReader ledger;
  private final Sequencer sequencer;
  private final BatchWriter batches;
  private final Rewinder rewinder;
  private final EpochCloser closer;
  private final Poster poster;
  private final Deployment deployment;
  private final OracleMetrics metrics;
  private volatile @Nullable Warning warning = Warning.waiting("not started");

  Conductor(
      OracleStore store,
      LogTable log,
      EpochTable epochs,
      LedgerReader ledger,
      Sequencer sequencer,
      BatchWriter batches,
      Rewinder rewinder,
      EpochCloser closer,
      Poster poster,
      Deployment deployment,
      OracleMetrics metrics) {
    this.store = requireNonNull(store, "store is null");
    this.log = requireNonNull(log, "log is null");
    this.epochs = requireNonNull(epochs, "epochs is null");
    this.ledger = requireNonNull(ledger, "ledger is null");
    this.sequencer = requireNonNull(sequencer, "sequencer is null");
    this.batches = requireNonNull(batches, "batches is null");
    this.rewinder = requireNonNull(rewinder, "rewinder is null");
    this.closer = requireNonNull(closer, "closer is null");
    this.poster = requireNonNull(poster, "poster is null");
    this.deployment = requireNonNull(deployment, "deployment is null");
    this.metrics = requireNonNull(metrics, "metrics is null");
  }

  /** Why epochs don't go on; empty if they do. */
  Optional<Warning> warning() {
    return Optional.ofNullable(warning);
  }

  /** Does what is to be done now. */
  void step() {
    @Nullable Warning now = advance().orElse(null);
    if (now != null && !now.equals(warning)) {
      Level level = now.code().equals(Warning.EPOCH_STALE) ? Level.ERROR : Level.WARNING;
      LOG.log(level, "epochs wait: {0}", now.detail());
    }
    warning = now;
    metrics.waiting(now != null);
    metrics.outbox(store.read(Conductor::underWay));
  }

  private static Map<OutboxCount, Long> underWay(DSLContext tx) {
    return tx
        .fetch(
            """
            SELECT chain_id, state, count(*) AS transactions FROM metering.outbox
            WHERE state NOT IN ('FINALIZED', 'REFUSED', 'SKIPPED') GROUP BY chain_id, state
            """)
        .stream()
        .collect(
            Collectors.toMap(
                row ->
                    new OutboxCount(Rows.number(row, "chain_id"), row.get("state", String.class)),
                row -> Rows.number(row, "transactions")));
  }

  /** Something went wrong; the next step tries again. */
  void failed(RuntimeException cause) {
    Warning now = Warning.waiting(String.valueOf(cause.getMessage()));
    if (!now.equals(warning)) {
      LOG.log(Level.WARNING, "epochs wait", cause);
    }
    warning = now;
    metrics.waiting(true);
  }

  private Optional<Warning> advance() {
    Optional<String> unready = sequencer.trouble();
    if (unready.isPresent()) {
      return Optional.of(Warning.waiting("the log is not written: " + unready.get()));
    }
    followGeneration();
    LedgerReader.Head head =
        ledger
            .head(BlockTag.LATEST)
            .orElseThrow(() -> new IllegalStateException("the ledger is not deployed"));
    LogHead end = store.read(tx -> log.head(tx, deployment.config().version()));
    metrics.log(end);
    metrics.onChain(head.lastPosted(), head.lastFinalised());
    if (!ledger.configDigest(BlockTag.LATEST).equals(deployment.configDigest())) {
      return Optional.of(
          Warning.waiting("the signer configuration on chain is not that of this oracle's keys"));
    }
    if (head.generation() != end.generation()) {
      return Optional.of(
          Warning.waiting(
              "generation "
                  + head.generation()
                  + " of the ledger is not yet safe; the log is in "
                  + end.generation()));
    }
    if (!isOurs(head)) {
      return Optional.of(
          Warning.waiting("epoch " + head.lastPosted() + " on chain is not one of this log"));
    }
    store.commit(tx -> epochs.onChain(tx, head.lastPosted(), head.lastFinalised()));
    long time = ledger.headTimestamp();
    poster.finalise(head, time);
    poster.anchor(head);
    Optional<String> stale = replaceStale(head);
    if (stale.isPresent()) {
      return stale.map(Warning::waiting);
    }
    Optional<Warning> obstacle = poster.post(head, time);
    close(head, time);
    return obstacle.or(closer::warning);
  }

  private void followGeneration() {
    Optional<LedgerReader.Head> safe = ledger.head(BlockTag.SAFE);
    long generation = store.read(log::generation).orElse(0L);
    if (safe.isPresent() && safe.get().generation() > generation) {
      sequencer
          .exclusively(() -> {
            long again = rewinder.follow(safe.get());
            batches.signPending();
            return again;
          })
          .join();
    }
  }

  /**
   * Takes back epochs that were closed under an earlier signer configuration and never posted: the
   * ledger takes them no more. It waits until the change is safe, after which no fork can post
   * them.
   *
   * @return why that can't be done yet; empty if there are none any more
   */
  private Optional<String> replaceStale(LedgerReader.Head head) {
    boolean stale =
        store.read(tx -> epochs.after(tx, head.lastPosted())).stream()
            .anyMatch(epoch -> !epoch.header().configDigest().equals(deployment.configDigest()));
    if (!stale) {
      return Optional.empty();
    }
    if (!ledger.configDigest(BlockTag.SAFE).equals(deployment.configDigest())) {
      return Optional.of(
          "epoch "
              + (head.lastPosted() + 1)
              + " was closed under an earlier signer configuration, and the new one is not yet"
              + " safe");
    }
    int replaced = store.commit(tx -> epochs.replaceAfter(tx, head.lastPosted()));
    LOG.log(
        Level.WARNING,
        "{0} epochs after {1} were closed under an earlier signer configuration; they are closed"
            + " again",
        replaced,
        head.lastPosted());
    return Optional.empty();
  }

  private boolean isOurs(LedgerReader.Head head) {
    return head.lastPosted() == 0
        || store
            .read(tx -> epochs.find(tx, head.lastPosted()))
            .map(epoch -> epoch.headerHash().equals(head.lastHeaderHash()))
            .orElse(false);
  }

  private void close(LedgerReader.Head head, long time) {
    Optional<ClosedEpoch> newest = store.read(epochs::newest);
    newest.ifPresent(
        epoch -> metrics.closed(epoch.number(), Math.max(0, time - epoch.body().closedAt())));
    if (newest.map(ClosedEpoch::number).orElse(0L) <= head.lastPosted()) {
      closer
          .closeIfDue(time)
          .ifPresent(epoch ->
              LOG.log(
                  Level.INFO,
                  "epoch {0} closed: {1} entries, {2} credited",
                  epoch.number(),
                  epoch.body().logSize(),
                  epoch.body().totalCredit()));
    }
  }
}
