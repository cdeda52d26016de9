package network.tachi.oracle;

import java.util.Optional;

/** A direct payment pays for one request only. */
final class PaymentUnusedRule implements SequencerRule {
  @Override
  public String code() {
    return "payment_used";
  }

  @Override
  public Optional<String> objection(PaidRequest request, Draft draft) {
    return switch (request) {
      case CreditRequest _ -> Optional.empty();
      case DirectRequest direct ->
          draft.isUsed(direct.paymentId())
              ? Optional.of("payment " + direct.paymentId() + " has paid for another request")
              : Optional.empty();
    };
  }
}
