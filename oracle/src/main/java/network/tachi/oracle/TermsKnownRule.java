package network.tachi.oracle;

import java.util.Optional;

/** A voucher names terms that the licence has published: those in force or an earlier version. */
final class TermsKnownRule implements IntakeRule {
  @Override
  public String code() {
    return "terms_unknown";
  }

  @Override
  public Optional<String> objection(PaidRequest request, IntakeFacts facts) {
    return switch (request) {
      case DirectRequest _ -> Optional.empty();
      case CreditRequest credit -> {
        var terms =
            new IntakeFacts.PublishedTerms(
                credit.voucher().licenseId(), credit.voucher().termsHash());
        yield facts.terms().contains(terms)
            ? Optional.empty()
            : Optional.of(
                "licence " + terms.licenseId() + " has published no terms " + terms.termsHash());
      }
    };
  }
}
