package network.tachi.oracle;

import java.util.Optional;
import network.tachi.evm.Address;

/**
 * A voucher is signed by its crawler, or by a signer that the crawler has registered and that is
 * live.
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
        boolean accepted =
            signer.equals(crawler)
                || facts.signers().contains(new IntakeFacts.RegisteredSigner(crawler, signer));
        yield accepted
            ? Optional.empty()
            : Optional.of("the voucher is signed by " + signer + ", no live signer of " + crawler);
      }
    };
  }
}
