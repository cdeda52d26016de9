package network.tachi.oracle;

import java.util.Optional;
import network.tachi.evm.Address;
import network.tachi.oracle.IntakeFacts.RegisteredSigner;
import network.tachi.oracle.IntakeFacts.SignerTerm;
import org.jspecify.annotations.Nullable;

/**
 * A voucher is signed by its crawler, or by a signer that the crawler has registered in a block
 * that is safe.
 */
final class VoucherSignatureRule implements IntakeRule {
  @Override
  public String code() {
    return "voucher_signature";
  }

  @Override
  public Optional<String> objection(PaidRequest request, IntakeFacts facts) {
    return switch (request) {
      case DirectRequest _ -> Optional.empty();
      case CreditRequest credit -> {
        Address crawler = credit.voucher().crawler();
        Address signer = credit.signed().signer();
        if (signer.equals(crawler)) {
          yield Optional.empty();
        }
        @Nullable SignerTerm term = facts.signers().get(new RegisteredSigner(crawler, signer));
        if (term == null) {
          yield Optional.of(
              "the voucher is signed by " + signer + ", no registered signer of " + crawler);
        }
        yield term.safe()
            ? Optional.empty()
            : Optional.of("the registration of " + signer + " is in no safe block yet");
      }
    };
  }
}
