package network.tachi.oracle;

import java.util.List;
import java.util.Optional;

/**
 * One condition that an entry must meet before it is sequenced. Rules are pure: all they know of
 * the world is in the facts, so that the same entry and facts always give the same answer.
 */
interface IntakeRule {
  /** The stable code of a refusal by this rule, also its metric label. */
  String code();

  /** What is wrong with the entry, in one sentence; empty if this rule has nothing against it. */
  Optional<String> objection(PaidRequest request, IntakeFacts facts);

  /** The refusal of the entry by this rule, if it objects. */
  default Optional<Refusal> check(PaidRequest request, IntakeFacts facts) {
    return objection(request, facts).map(message -> new Refusal(code(), message));
  }

  /** Every rule of intake, in the order they are asked. */
  static List<IntakeRule> all() {
    return List.of(
        new LicensePayableRule(),
        new VoucherMatchRule(),
        new TermsKnownRule(),
        new PaymentChainRule(),
        new PaymentKnownRule(),
        new PaymentMatchRule(),
        new VoucherSignatureRule(),
        new VoucherSignerRule());
  }
}
