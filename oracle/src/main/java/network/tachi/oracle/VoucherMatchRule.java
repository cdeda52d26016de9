package network.tachi.oracle;

import java.util.Optional;
import network.tachi.contracts.wire.CrawlVoucher;

/** A voucher is for the crawler and the licence of its entry. */
final class VoucherMatchRule implements IntakeRule {
  @Override
  public String code() {
    return "voucher_mismatch";
  }

  @Override
  public Optional<String> objection(PaidRequest request, IntakeFacts facts) {
    return switch (request) {
      case DirectRequest _ -> Optional.empty();
      case CreditRequest credit -> {
        CrawlVoucher voucher = credit.voucher();
        if (!voucher.crawler().equals(credit.service().crawler())) {
          yield Optional.of("the voucher is by " + voucher.crawler());
        }
        yield voucher.licenseId().equals(credit.service().licenseId())
            ? Optional.empty()
            : Optional.of("the voucher is for licence " + voucher.licenseId());
      }
    };
  }
}
