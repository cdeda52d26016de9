package network.tachi.oracle;

import network.tachi.contracts.wire.UsageAttestation.Service;
import network.tachi.evm.UsdcAmount;

/** A paid request as a gateway reports it: well-formed, but not yet checked against anything. */
sealed interface PaidRequest permits CreditRequest, DirectRequest {
  /** Who read what, and its price. */
  Service service();

  /** What the whole entry costs. */
  default UsdcAmount amount() {
    return service().amount();
  }

  /** What makes it unique. */
  default EntryKey key() {
    return new EntryKey(service().licenseId(), service().crawler(), service().requestId());
  }

  /** The pair it belongs to. */
  default PairKey pair() {
    return new PairKey(service().licenseId(), service().crawler());
  }
}
