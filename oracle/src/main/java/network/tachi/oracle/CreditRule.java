package network.tachi.oracle;

import java.util.Optional;
import network.tachi.evm.UsdcAmount;

/**
 * The crawler's deposit covers the entry: deposits at safe or deeper, less withdrawn, thawing and
 * everything charged. The refusal ends by itself once a further deposit is safe.
 */
final class CreditRule implements SequencerRule {
  @Override
  public String code() {
    return "credit_insufficient";
  }

  @Override
  public Optional<String> objection(PaidRequest request, Draft draft) {
    return switch (request) {
      case DirectRequest _ -> Optional.empty();
      case CreditRequest credit -> {
        UsdcAmount available = draft.creditOf(credit.service().crawler());
        yield credit.amount().compareTo(available) <= 0
            ? Optional.empty()
            : Optional.of("the price is " + credit.amount() + ", the credit " + available);
      }
    };
  }
}
