package network.tachi.oracle;

import java.util.Optional;
import network.tachi.evm.UsdcAmount;

/** What a pair is charged in total never exceeds the highest voucher its crawler signed. */
final class CeilingRule implements SequencerRule {
  @Override
  public String code() {
    return "voucher_exceeded";
  }

  @Override
  public Optional<String> objection(PaidRequest request, Draft draft) {
    return switch (request) {
      case DirectRequest _ -> Optional.empty();
      case CreditRequest credit -> {
        PairState state = draft.pair(credit.pair());
        UsdcAmount ceiling = state.ceiling().max(credit.voucher().cumulativeMax());
        UsdcAmount after = state.charged().plus(credit.amount());
        yield after.compareTo(ceiling) <= 0
            ? Optional.empty()
            : Optional.of(
                "charged " + state.charged() + " plus " + credit.amount() + " is above " + ceiling);
      }
    };
  }
}
