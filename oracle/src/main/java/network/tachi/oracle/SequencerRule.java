package network.tachi.oracle;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One condition that depends on what the log holds, checked in the order of the log by its one
 * writer.
 */
interface SequencerRule {
  /** The stable code of a refusal by this rule, also its metric label. */
  String code();

  /** What is wrong with the entry, in one sentence; empty if this rule has nothing against it. */
  Optional<String> objection(PaidRequest request, Draft draft);

  /** The refusal of the entry by this rule, if it objects. */
  default Optional<Refusal> check(PaidRequest request, Draft draft) {
    return objection(request, draft).map(message -> new Refusal(code(), message));
  }

  /**
   * Every rule of the sequencer, in the order they are asked.
   *
   * @param maxIndexAge up to which age of the index credit is given
   * @param times of the escrow
   */
  static List<SequencerRule> all(Duration maxIndexAge, Supplier<EscrowTimes> times) {
    return List.of(
        new CeilingRule(),
        new IndexFreshRule(maxIndexAge),
        new EpochsMovingRule(times),
        new CreditRule(),
        new PaymentUnusedRule());
  }
}
