package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** What the oracle shows of itself. */
final class OracleMetrics {
  private final MeterRegistry registry;
  private final Timer attestation;
  private final AtomicLong logSize = new AtomicLong();
  private final AtomicLong generation = new AtomicLong();
  private final AtomicLong epochClosed = new AtomicLong();
  private final AtomicLong epochPosted = new AtomicLong();
  private final AtomicLong epochFinalised = new AtomicLong();
  private final AtomicLong epochAge = new AtomicLong();
  private final AtomicLong waiting = new AtomicLong();
  private final AtomicLong indexAge = new AtomicLong();
  private final AtomicLong unanswered = new AtomicLong();
  private final AtomicReference<Double> demandSeconds = new AtomicReference<>(Double.NaN);
  private final MultiGauge outbox;
  private final MultiGauge demands;
  private final MultiGauge warnings;

  OracleMetrics(MeterRegistry registry) {
    this.registry = requireNonNull(registry, "registry is null");
    this.attestation =
        Timer.builder("tachi.oracle.attestation")
            .description("From a report's arrival to its signed attestations")
            .publishPercentiles(0.5, 0.99)
            .register(registry);
    gauge("tachi.oracle.log.size", "Entries of the usage log", logSize);
    gauge("tachi.oracle.generation", "The generation entries are signed in", generation);
    gauge("tachi.oracle.epoch.closed", "The newest closed epoch", epochClosed);
    gauge("tachi.oracle.epoch.posted", "The newest epoch on the settlement chain", epochPosted);
    gauge("tachi.oracle.epoch.finalised", "The newest finalised epoch", epochFinalised);
    gauge(
        "tachi.oracle.epoch.age.seconds",
        "Settlement-chain time since the newest epoch was closed",
        epochAge);
    gauge("tachi.oracle.epochs.waiting", "1 while epochs can't go on chain", waiting);
    gauge(
        "tachi.oracle.index.age.seconds",
        "Age of the newest indexed block of the settlement chain",
        indexAge);
    gauge(
        "tachi.oracle.demands.unanswered",
        "Open demands that can't be answered, or are late",
        unanswered);
    Gauge.builder("tachi.oracle.demands.seconds.left", demandSeconds, AtomicReference::get)
        .description("Until the next open demand must be answered; NaN if none is open")
        .register(registry);
    demands =
        MultiGauge.builder("tachi.oracle.demands")
            .description("Demands about headers that are not final, by state")
            .register(registry);
    warnings =
        MultiGauge.builder("tachi.oracle.warnings")
            .description("What an operator should look at, by code")
            .register(registry);
    outbox =
        MultiGauge.builder("tachi.oracle.outbox")
            .description("Transactions under way, by chain and state")
            .register(registry);
  }

  private void gauge(String name, String description, AtomicLong value) {
    Gauge.builder(name, value, AtomicLong::doubleValue).description(description).register(registry);
  }

  /** A batch was sequenced. */
  void sequenced(List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      switch (outcome) {
        case Outcome.Attested attested -> {
          String rail = attested.attestation().isCredit() ? "credit" : "direct";
          counter("tachi.oracle.attested", "Attestations given", "rail", rail);
          logSize.accumulateAndGet(attested.attestation().logIndex() + 1, Math::max);
        }
        case Outcome.Refused refused -> refused(refused.refusal());
      }
    }
  }

  /** A rule refused an entry. */
  void refused(Refusal refusal) {
    counter("tachi.oracle.refused", "Entries refused, by rule", "rule", refusal.code());
  }

  private void counter(String name, String description, String tag, String value) {
    Counter.builder(name).description(description).tag(tag, value).register(registry).increment();
  }

  /** A report was answered. */
  void reported(Duration took) {
    attestation.record(took);
  }

  /** Where the log ends. */
  void log(LogHead head) {
    logSize.set(head.size());
    generation.set(head.generation());
  }

  /** The newest closed epoch, and its age by the settlement chain's head, in seconds. */
  void closed(long epoch, long ageSeconds) {
    epochClosed.set(epoch);
    epochAge.set(ageSeconds);
  }

  /** What the settlement chain's ledger holds. */
  void onChain(long posted, long finalised) {
    epochPosted.set(posted);
    epochFinalised.set(finalised);
  }

  /** How old the index of the settlement chain is. */
  void index(Duration age) {
    indexAge.set(age.toSeconds());
  }

  /** Whether epochs can't go on chain at the moment. */
  void waiting(boolean now) {
    waiting.set(now ? 1 : 0);
  }

  /**
   * Where demands stand.
   *
   * @param byState how many there are
   * @param late how many can't be answered, or are nearly over
   * @param secondsLeft until the next one must be answered; empty if none is open
   */
  void demands(Map<String, Long> byState, long late, OptionalLong secondsLeft) {
    demands.register(
        byState.entrySet().stream()
            .map(count -> MultiGauge.Row.of(Tags.of("state", count.getKey()), count.getValue()))
            .toList(),
        true);
    unanswered.set(late);
    demandSeconds.set(secondsLeft.isPresent() ? (double) secondsLeft.getAsLong() : Double.NaN);
  }

  /** What an operator should look at. */
  void warnings(List<Warning> now) {
    warnings.register(
        now.stream()
            .map(Warning::code)
            .distinct()
            .map(code -> MultiGauge.Row.of(Tags.of("code", code), 1))
            .toList(),
        true);
  }

  /** How many transactions are under way, by chain id and state. */
  void outbox(Map<OutboxCount, Long> counts) {
    outbox.register(
        counts.entrySet().stream()
            .map(count ->
                MultiGauge.Row.of(
                    Tags.of(
                        "chain",
                        Long.toString(count.getKey().chain()),
                        "state",
                        count.getKey().state().toLowerCase(Locale.ROOT)),
                    count.getValue()))
            .toList(),
        true);
  }

  /** What transactions are counted by. */
  record OutboxCount(long chain, String state) {}
}
