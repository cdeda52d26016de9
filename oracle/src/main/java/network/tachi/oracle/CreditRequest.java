package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.contracts.wire.UsageAttestation.Service;

/**
 * A request drawn on the crawler's deposit under a voucher.
 *
 * @param service who read what, and its price
 * @param signed the voucher as it came
 */
record CreditRequest(Service service, SignedVoucher signed) implements PaidRequest {
  CreditRequest {
    requireNonNull(service, "service is null");
    requireNonNull(signed, "signed is null");
  }

  /** The ceiling the crawler agreed to. */
  CrawlVoucher voucher() {
    return signed.voucher();
  }
}
