package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;

/** Reports paid DIRECT requests to the oracle, again and again until it has logged them. */
final class UsageReporter {
  private static final Logger LOG = System.getLogger(UsageReporter.class.getName());
  private static final int BATCH = 100;
  private static final Duration FIRST_DELAY = Duration.ofMillis(250);
  private static final int MAX_DOUBLINGS = 7;

  /** Refusals that no time heals. */
  private static final Set<String> FINAL =
      Set.of("malformed", "payment_chain", "payment_mismatch", "payment_used");

  private final UsageQueue queue;
  private final OracleClient oracle;
  private final GatewayMetrics metrics;

  UsageReporter(UsageQueue queue, OracleClient oracle, GatewayMetrics metrics) {
    this.queue = requireNonNull(queue, "queue is null");
    this.oracle = requireNonNull(oracle, "oracle is null");
    this.metrics = requireNonNull(metrics, "metrics is null");
  }

  /** Reports what is due; stops at the first entry that the oracle does not answer. */
  void run() {
    for (UsageQueue.Due due : queue.due(BATCH)) {
      switch (oracle.report(due.entry())) {
        case OracleClient.Outcome.Attested _ -> queue.done(due.requestId(), "");
        case OracleClient.Outcome.Refused(String code, String message) ->
            refused(due, code, message);
        case OracleClient.Outcome.NotSent(String why) -> {
          later(due, why);
          return;
        }
        case OracleClient.Outcome.Unknown(String why) -> {
          later(due, why);
          return;
        }
      }
    }
    metrics.usageQueue(queue.depth());
  }

  private void refused(UsageQueue.Due due, String code, String message) {
    if (FINAL.contains(code)) {
      LOG.log(
          Level.ERROR,
          "paid request {0} will not be logged: {1}: {2}",
          due.requestId(),
          code,
          message);
      queue.done(due.requestId(), code);
    } else {
      later(due, code + ": " + message);
    }
  }

  private void later(UsageQueue.Due due, String why) {
    queue.retry(
        due.requestId(),
        FIRST_DELAY.multipliedBy(1L << Math.min(due.attempts(), MAX_DOUBLINGS)),
        why);
    metrics.usageQueue(queue.depth());
  }
}
