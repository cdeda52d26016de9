package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import org.jspecify.annotations.Nullable;

/**
 * Answers demands about our pending headers, the next deadline first: silence would void the header
 * and cost the bond. What to do follows from index, ledger and outbox alone, so it may be stopped
 * and started at any point. Used by one thread.
 */
final class DemandAnswerer {
  /** The kind of an answer in the outbox. */
  static final String ANSWER = "answer-demand";

  private static final Logger LOG = System.getLogger(DemandAnswerer.class.getName());
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final Duration COUNT_PAUSE = Duration.ofSeconds(5);
  private static final int MOST_A_LOOK = 64;

  private final OracleStore store;
  private final DemandTable demands;
  private final DemandAnswers answers;
  private final LedgerReader ledger;
  private final Attempts attempts;
  private final Deployment deployment;
  private final Address sender;
  private final OracleMetrics metrics;
  private final InstantSource clock;
  private final Map<Hash, Failure> failures = new HashMap<>();
  private Instant countAgainAt = Instant.MIN;
  private boolean countDiffered;
  private Optional<String> unseen = Optional.empty();
  private volatile @Nullable Warning warning;

  /** Why a demand had no answer when it was last tried. */
  private record Failure(String reason, Instant tryAgainAt) {}

  /**
   * Answers for one ledger.
   *
   * @param sender the account that sends answers
   */
  DemandAnswerer(
      OracleStore store,
      DemandTable demands,
      DemandAnswers answers,
      LedgerReader ledger,
      Attempts attempts,
      Deployment deployment,
      Address sender,
      OracleMetrics metrics,
      InstantSource clock) {
    this.store = requireNonNull(store, "store is null");
    this.demands = requireNonNull(demands, "demands is null");
    this.answers = requireNonNull(answers, "answers is null");
    this.ledger = requireNonNull(ledger, "ledger is null");
    this.attempts = requireNonNull(attempts, "attempts is null");
    this.deployment = requireNonNull(deployment, "deployment is null");
    this.sender = requireNonNull(sender, "sender is null");
    this.metrics = requireNonNull(metrics, "metrics is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /** What an operator should know of demands; empty if all are answered or about to be. */
  Optional<Warning> warning() {
    return Optional.ofNullable(warning);
  }

  /** Looks for open demands, and answers them. */
  void look() {
    try {
      DemandTable.Pending pending = store.read(demands::pending);
      List<Demand> open = pending.open();
      long now = open.isEmpty() ? 0 : ledger.headTimestamp();
      List<String> unanswered = tendAll(open, now);
      count(open.size());
      unseen.ifPresent(unanswered::add);
      metrics.demands(
          pending.byState(),
          unanswered.size(),
          open.isEmpty()
              ? OptionalLong.empty()
              : OptionalLong.of(Math.max(0, open.getFirst().answerBy() - now)));
      warning =
          unanswered.isEmpty()
              ? null
              : new Warning(
                  Warning.DEMAND_UNANSWERED, unanswered.size() + ": " + unanswered.getFirst());
    } catch (RuntimeException e) {
      String detail = "demands can't be looked at now: " + e.getMessage();
      Warning before = warning;
      if (before == null || !before.detail().equals(detail)) {
        LOG.log(Level.WARNING, detail);
      }
      warning = new Warning(Warning.DEMAND_UNANSWERED, detail);
    }
  }

  /**
   * Compares the index with the ledger's own count now and then. A difference that is still there
   * the next time is no mere lag: the index lacks demands, which then go unanswered.
   */
  private void count(long indexed) {
    if (clock.instant().isBefore(countAgainAt)) {
      return;
    }
    countAgainAt = clock.instant().plus(COUNT_PAUSE);
    long open = ledger.openDemands();
    boolean differs = open > indexed;
    Optional<String> now =
        differs && countDiffered
            ? Optional.of(
                "the ledger has " + open + " open demands, the index shows only " + indexed)
            : Optional.empty();
    if (now.isPresent() && unseen.isEmpty()) {
      LOG.log(Level.ERROR, now.get());
    }
    countDiffered = differs;
    unseen = now;
  }

  /** What is wrong with those that are not answered. */
  private List<String> tendAll(List<Demand> open, long now) {
    failures.keySet().retainAll(open.stream().map(Demand::id).toList());
    List<String> unanswered = new ArrayList<>();
    int worked = 0;
    for (Demand demand : open) {
      boolean underWay = attempts.isUnderWay(deployment.settlementChain(), ANSWER, name(demand));
      if (underWay && !isShort(demand, now)) {
        continue;
      }
      if (++worked > MOST_A_LOOK) {
        break;
      }
      Optional<String> reason = tend(demand, now, underWay);
      reason.ifPresent(why -> unanswered.add(note(demand, now, why)));
      if (reason.isEmpty()) {
        failures.remove(demand.id());
      }
    }
    return unanswered;
  }

  /** Less than a quarter of its time is left. */
  private static boolean isShort(Demand demand, long now) {
    return demand.answerBy() - now < (demand.answerBy() - demand.openedAt()) / 4;
  }

  /** Why a demand is not answered; empty if it is, or is about to be. */
  private Optional<String> tend(Demand demand, long now, boolean underWay) {
    boolean asked = ledger.demand(demand.headerHash(), demand.id()).open();
    if (!asked || !ledger.posted(demand.epoch()).headerHash().equals(demand.headerHash())) {
      return Optional.empty();
    }
    if (now > demand.answerBy()) {
      return Optional.of("its time is over");
    }
    if (underWay) {
      return Optional.of("its answer is in no block yet");
    }
    @Nullable Failure before = failures.get(demand.id());
    if (before != null && clock.instant().isBefore(before.tryAgainAt())) {
      return Optional.of(before.reason());
    }
    return switch (answers.to(demand)) {
      case DemandAnswers.Answer.Missing missing -> Optional.of(missing.reason());
      case DemandAnswers.Answer.Call call -> send(demand, now, call.data());
    };
  }

  private Optional<String> send(Demand demand, long now, Bytes answer) {
    Optional<String> refusal = ledger.refusal(sender, answer);
    if (refusal.isPresent()) {
      return Optional.of("the ledger refuses the answer: " + refusal.get());
    }
    attempts.want(
        deployment.settlementChain(), ANSWER, name(demand), deployment.meteringLedger(), answer);
    LOG.log(
        Level.INFO,
        "epoch {0}: {1} is answered, {2} s before its time is over",
        demand.epoch(),
        demand.describe(),
        demand.answerBy() - now);
    return Optional.empty();
  }

  private String note(Demand demand, long now, String reason) {
    String text =
        "epoch "
            + demand.epoch()
            + ": "
            + demand.describe()
            + " is not answered: "
            + reason
            + "; it must be by "
            + demand.answerBy()
            + ", or anyone can void the header and the bond is lost";
    @Nullable Failure before = failures.get(demand.id());
    if (before == null || !before.reason().equals(reason)) {
      LOG.log(Level.ERROR, "{0} ({1} s are left)", text, demand.answerBy() - now);
    }
    if (before == null || !clock.instant().isBefore(before.tryAgainAt())) {
      failures.put(demand.id(), new Failure(reason, clock.instant().plus(PAUSE)));
    }
    return text;
  }

  /** Whether the ledger has the answer that a request of the outbox would give. */
  boolean isAnswered(String key) {
    String[] name = Attempts.what(key).split("-", 2);
    return !ledger.demand(Hash.parse(name[0]), Hash.parse(name[1])).open();
  }

  private static String name(Demand demand) {
    return demand.headerHash() + "-" + demand.id();
  }
}
