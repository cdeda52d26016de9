package network.tachi.oracle;

import java.util.Optional;
import network.tachi.oracle.IntakeFacts.KnownPayment;

/**
 * A direct payment was made by the entry's crawler to the entry's licence, and covers its price.
 */
final class PaymentMatchRule implements IntakeRule {
  @Override
  public String code() {
    return "payment_mismatch";
  }

  @Override
  public Optional<String> objection(PaidRequest request, IntakeFacts facts) {
    return switch (request) {
      case CreditRequest _ -> Optional.empty();
      case DirectRequest direct -> {
        KnownPayment payment = facts.payments().get(direct.paymentId());
        if (payment == null) {
          yield Optional.empty();
        }
        if (!payment.payer().equals(direct.service().crawler())) {
          yield Optional.of("the payment was made by " + payment.payer());
        }
        if (!payment.licenseId().equals(direct.service().licenseId())) {
          yield Optional.of("the payment was made to licence " + payment.licenseId());
        }
        yield payment.amount().compareTo(direct.amount()) >= 0
            ? Optional.empty()
            : Optional.of("the payment is " + payment.amount() + ", the price " + direct.amount());
      }
    };
  }
}
