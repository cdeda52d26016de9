package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * Shows whether the index is too old to give credit by. Looks at each commit of the indexer, and
 * once in a while without one. Used by one thread.
 */
final class IndexWatch {
  private static final Logger LOG = System.getLogger(IndexWatch.class.getName());

  private final OracleStore store;
  private final IndexAge index;
  private final IndexFreshRule rule;
  private final OracleMetrics metrics;
  private volatile String trouble = "";

  IndexWatch(OracleStore store, IndexAge index, IndexFreshRule rule, OracleMetrics metrics) {
    this.store = requireNonNull(store, "store is null");
    this.index = requireNonNull(index, "index is null");
    this.rule = requireNonNull(rule, "rule is null");
    this.metrics = requireNonNull(metrics, "metrics is null");
  }

  /** Looks how old the index is. */
  void look() {
    Duration age = store.read(index::read).age();
    metrics.index(age);
    String now = rule.objection(age).orElse("");
    if (now.isEmpty() != trouble.isEmpty()) {
      LOG.log(
          now.isEmpty() ? Level.INFO : Level.WARNING,
          now.isEmpty() ? "the index is up to date again" : "no credit is given: " + now);
    }
    trouble = now;
  }

  /** Why no credit is given; empty if it is. */
  String trouble() {
    return trouble;
  }
}
