package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;

/** What makes an entry of the log unique (wire.md section 1, requestId). */
record EntryKey(LicenseId licenseId, Address crawler, Hash requestId) {
  EntryKey {
    requireNonNull(licenseId, "licenseId is null");
    requireNonNull(crawler, "crawler is null");
    requireNonNull(requestId, "requestId is null");
  }
}
