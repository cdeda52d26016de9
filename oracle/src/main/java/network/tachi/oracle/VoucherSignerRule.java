package network.tachi.oracle;

import java.util.Optional;
import network.tachi.oracle.IntakeFacts.RegisteredSigner;
import network.tachi.oracle.IntakeFacts.SignerTerm;
import org.jspecify.annotations.Nullable;

/**
 * A voucher's signer outlives the epoch that bills by it: its end was not asked for, and it does
 * not expire before a revocation made now would take effect. The contract judges consent as of the
 * epoch's close (wire.md, C9), so that a line by another signer could cost the operator's bond.
 */
final class VoucherSignerRule implements IntakeRule {
  @Override
  public String code() {
    return "voucher_signer_ending";
  }

  @Override
  public Optional<String> objection(PaidRequest request, IntakeFacts facts) {
    return switch (request) {
      case DirectRequest _ -> Optional.empty();
      case CreditRequest credit -> {
        RegisteredSigner signer =
            new RegisteredSigner(credit.voucher().crawler(), credit.signed().signer());
        @Nullable SignerTerm term =
            signer.signer().equals(signer.crawler()) ? null : facts.signers().get(signer);
        yield term == null ? Optional.empty() : objection(signer, term);
      }
    };
  }

  private static Optional<String> objection(RegisteredSigner signer, SignerTerm term) {
    if (term.revoked()) {
      return Optional.of("the voucher's signer " + signer.signer() + " is revoked");
    }
    return term.expiry() >= term.neededUntil()
        ? Optional.empty()
        : Optional.of(
            "the voucher's signer "
                + signer.signer()
                + " expires at "
                + term.expiry()
                + ", at least "
                + term.neededUntil()
                + " is needed");
  }
}
