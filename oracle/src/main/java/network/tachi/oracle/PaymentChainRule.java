package network.tachi.oracle;

import java.util.Optional;

/** A direct payment was made on the settlement chain, on which licences are numbered. */
final class PaymentChainRule implements IntakeRule {
  @Override
  public String code() {
    return "payment_chain";
  }

  @Override
  public Optional<String> objection(PaidRequest request, IntakeFacts facts) {
    return switch (request) {
      case CreditRequest _ -> Optional.empty();
      case DirectRequest direct ->
          direct.chain().equals(facts.settlementChain())
              ? Optional.empty()
              : Optional.of(
                  "payments on chain "
                      + direct.chain()
                      + " are not logged, only those on "
                      + facts.settlementChain());
    };
  }
}
