package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.function.Supplier;
import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.EpochBody;
import network.tachi.contracts.wire.EpochHeader;
import network.tachi.contracts.wire.LogFrontier;
import network.tachi.contracts.wire.PairLeaf;
import network.tachi.contracts.wire.SettlementTrees;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Closes epochs: fixes the log's size, root and settlement at a timestamp of the settlement chain,
 * as one snapshot has them. What is stored is final; signers only agree to it or not. Used by one
 * thread, the same that starts generations and takes epochs back; so what the snapshot said of them
 * still holds when the epoch is stored.
 */
final class EpochCloser {
  private static final Logger LOG = System.getLogger(EpochCloser.class.getName());
  private static final int LEAVES_A_READ = 10_000;

  /**
   * When an epoch is closed.
   *
   * @param length the least time between two epochs
   * @param maxIdle the most time between two epochs when nothing was logged
   */
  record Pace(Duration length, Duration maxIdle) {
    Pace {
      if (length.isNegative() || length.isZero() || maxIdle.compareTo(length) < 0) {
        throw new IllegalArgumentException("epoch length " + length + ", max idle " + maxIdle);
      }
    }
  }

  private final OracleStore store;
  private final LogTable log;
  private final EpochTable epochs;
  private final FactsReader facts;
  private final VoucherSigners signers;
  private final CreditReader credits;
  private final Supplier<EscrowTimes> times;
  private final Deployment deployment;
  private final Pace pace;
  private LogFrontier frontier = new LogFrontier();
  private long frontierGeneration;
  private @Nullable Warning warning;

  EpochCloser(
      OracleStore store,
      LogTable log,
      EpochTable epochs,
      FactsReader facts,
      VoucherSigners signers,
      Supplier<EscrowTimes> times,
      Deployment deployment,
      Pace pace) {
    this.store = requireNonNull(store, "store is null");
    this.log = requireNonNull(log, "log is null");
    this.epochs = requireNonNull(epochs, "epochs is null");
    this.facts = requireNonNull(facts, "facts is null");
    this.signers = requireNonNull(signers, "signers is null");
    this.times = requireNonNull(times, "times is null");
    this.credits = new CreditReader(deployment.settlementChain());
    this.deployment = requireNonNull(deployment, "deployment is null");
    this.pace = requireNonNull(pace, "pace is null");
  }

  /** Why the next epoch was not closed when it was last due; empty if nothing is wrong. */
  Optional<Warning> warning() {
    return Optional.ofNullable(warning);
  }

  /**
   * Closes the next epoch if it is due.
   *
   * @param headTimestamp of the settlement chain's newest block, in seconds
   * @return the epoch, if one was closed
   */
  Optional<ClosedEpoch> closeIfDue(long headTimestamp) {
    Optional<Closing> closing = store.read(tx -> close(tx, headTimestamp));
    closing.ifPresent(due ->
        store.commit(tx -> {
          epochs.insert(tx, due.epoch(), deployment.config().version(), due.pairs());
          return due;
        }));
    return closing.map(Closing::epoch);
  }

  /** An epoch to be stored, with the pairs that its settlement is made of. */
  private record Closing(ClosedEpoch epoch, List<PairLeaf> pairs) {}

  private Optional<Closing> close(DSLContext tx, long headTimestamp) {
    LogHead head = log.head(tx, deployment.config().version());
    Optional<ClosedEpoch> last = epochs.newest(tx);
    if (!isDue(last, head, headTimestamp)) {
      return Optional.empty();
    }
    long covered = last.map(epoch -> epoch.body().logSize()).orElse(0L);
    if (log.isUnsigned(tx, deployment.config().version(), covered)) {
      // What no key has promised yet may have to be drafted again for another one.
      return Optional.empty();
    }
    warning = exposed(tx, covered, headTimestamp);
    if (warning != null) {
      return Optional.empty();
    }
    OptionalLong closedAt = closedAt(tx, last, head, headTimestamp);
    if (closedAt.isEmpty()) {
      return Optional.empty();
    }
    List<PairLeaf> pairs = log.pairLeaves(tx);
    SettlementTrees trees = SettlementTrees.of(pairs);
    SortedMap<LicenseId, Hash> rules = facts.policiesInForce(tx);
    EpochBody body =
        EpochBody.of(
            head.size(), root(tx, head), trees, WireIds.rulesHash(rules), closedAt.getAsLong());
    EpochHeader header =
        new EpochHeader(
            last.map(ClosedEpoch::number).orElse(0L) + 1,
            head.generation(),
            last.map(ClosedEpoch::headerHash).orElse(deployment.id()),
            deployment.configDigest(),
            body.structHash());
    return Optional.of(new Closing(new ClosedEpoch(new Committed(header, body), rules), pairs));
  }

  /**
   * The time at which an epoch over the whole log closes: now, or as long ago as the consent to
   * each of its entries could still be shown. Never before the block by which its last entry was
   * admitted, nor before the last epoch, nor so long ago that there is no time to post it; empty
   * until the node has come that far.
   */
  private OptionalLong closedAt(
      DSLContext tx, Optional<ClosedEpoch> last, LogHead head, long headTimestamp) {
    long covered = last.map(epoch -> epoch.body().logSize()).orElse(0L);
    long earliest =
        Math.max(
            Math.max(
                last.map(epoch -> epoch.body().closedAt()).orElse(0L),
                log.lastAdmission(tx, covered, head.size())),
            headTimestamp - times.get().oldestHeader().dividedBy(2).toSeconds());
    if (headTimestamp < earliest) {
      return OptionalLong.empty();
    }
    long consented = signers.consentedUntil(tx, covered, head.size());
    if (consented < earliest) {
      LOG.log(
          Level.ERROR,
          "the epoch after {0} bills entries whose voucher''s signer has ended, as too long has"
              + " passed since they were admitted; whoever is billed can void its header, and the"
              + " bond",
          last.map(ClosedEpoch::number).orElse(0L));
    }
    return OptionalLong.of(Math.max(earliest, Math.min(headTimestamp, consented)));
  }

  /**
   * Why the next epoch would bill what a crawler may withdraw at any moment: its thaw is so old
   * that it needs no new header.
   */
  private @Nullable Warning exposed(DSLContext tx, long covered, long headTimestamp) {
    return credits
        .shortfall(tx, covered, headTimestamp - times.get().fallback().toSeconds())
        .map(gap ->
            new Warning(
                Warning.CREDIT_AT_RISK,
                "crawler "
                    + gap.crawler()
                    + " may withdraw "
                    + gap.amount()
                    + " of what the next epoch would bill it, which would void the header; deposit"
                    + " as much for it at "
                    + deployment.creditEscrow()))
        .orElse(null);
  }

  private boolean isDue(Optional<ClosedEpoch> last, LogHead head, long headTimestamp) {
    if (last.isEmpty()) {
      return true;
    }
    long age = headTimestamp - last.get().body().closedAt();
    boolean changed = last.get().body().logSize() != head.size();
    return age >= (changed ? pace.length() : pace.maxIdle()).toSeconds();
  }

  /** The log's root, from the edge of the tree at the last epoch and the leaves since. */
  private Hash root(DSLContext tx, LogHead head) {
    if (frontierGeneration != head.generation() || frontier.size() > head.size()) {
      frontier = new LogFrontier();
      frontierGeneration = head.generation();
    }
    while (frontier.size() < head.size()) {
      long to = Math.min(head.size(), frontier.size() + LEAVES_A_READ);
      List<Hash> leaves = log.leafHashes(tx, frontier.size(), to);
      leaves.forEach(frontier::append);
    }
    return frontier.root();
  }
}
