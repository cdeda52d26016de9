package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;

/** What makes a request that draws on a voucher unique (wire.md section 1). */
record RequestKey(LicenseId licenseId, Address crawler, Hash requestId) {
  RequestKey {
    requireNonNull(licenseId, "licenseId is null");
    requireNonNull(crawler, "crawler is null");
    requireNonNull(requestId, "requestId is null");
  }
}
