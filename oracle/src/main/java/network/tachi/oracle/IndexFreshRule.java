package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * Credit is given only by an index that is up to date: an older one knows nothing of withdrawals
 * and revoked signers since. The refusal ends by itself once the indexer has caught up.
 */
final class IndexFreshRule implements SequencerRule {
  static final String CODE = "index_stale";

  private final Duration maxAge;

  /**
   * Creates the rule.
   *
   * @param maxAge of the newest indexed block of the settlement chain
   */
  IndexFreshRule(Duration maxAge) {
    this.maxAge = requireNonNull(maxAge, "maxAge is null");
  }

  @Override
  public String code() {
    return CODE;
  }

  @Override
  public Optional<String> objection(PaidRequest request, Draft draft) {
    return switch (request) {
      case DirectRequest _ -> Optional.empty();
      case CreditRequest _ -> objection(draft.indexAge());
    };
  }

  /** What is wrong with an index of this age; empty if nothing is. */
  Optional<String> objection(Duration age) {
    return age.compareTo(maxAge) <= 0
        ? Optional.empty()
        : Optional.of(IndexAge.describe(age) + ", at most " + maxAge.toSeconds() + " s is allowed");
  }
}
