package network.tachi.oracle;

import java.util.Optional;

/** A direct payment stands on chain. The refusal ends by itself once the payment is seen. */
final class PaymentKnownRule implements IntakeRule {
  @Override
  public String code() {
    return "payment_unknown";
  }

  @Override
  public Optional<String> objection(PaidRequest request, IntakeFacts facts) {
    return switch (request) {
      case CreditRequest _ -> Optional.empty();
      case DirectRequest direct ->
          facts.payments().containsKey(direct.paymentId())
              ? Optional.empty()
              : Optional.of(
                  "no payment "
                      + direct.paymentId()
                      + " in transaction "
                      + direct.transaction()
                      + " on chain "
                      + direct.chain());
    };
  }
}
