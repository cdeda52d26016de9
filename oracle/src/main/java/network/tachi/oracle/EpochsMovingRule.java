package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Credit is given only while epochs are closed: the consent to the oldest entry that none covers
 * ends with its signer, and what is admitted later can't be billed by an epoch that closed before.
 * The refusal ends by itself once the next epoch is closed.
 */
final class EpochsMovingRule implements SequencerRule {
  private final Supplier<EscrowTimes> times;

  EpochsMovingRule(Supplier<EscrowTimes> times) {
    this.times = requireNonNull(times, "times is null");
  }

  @Override
  public String code() {
    return "epochs_stalled";
  }

  @Override
  public Optional<String> objection(PaidRequest request, Draft draft) {
    return switch (request) {
      case DirectRequest _ -> Optional.empty();
      case CreditRequest _ -> objection(draft.waiting(), times.get().longestWait());
    };
  }

  private static Optional<String> objection(Duration waiting, Duration most) {
    return waiting.compareTo(most) <= 0
        ? Optional.empty()
        : Optional.of(
            "an entry waits for an epoch since "
                + waiting.toSeconds()
                + " s, at most "
                + most.toSeconds()
                + " s is allowed");
  }
}
