package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import network.tachi.evm.UsdcAmount;
import network.tachi.proto.v1.UsageEntry;

/**
 * A request on CREDIT whose response is stored, ready to be reported.
 *
 * @param entry reported as it is, however often
 */
record Report(RequestKey key, UsdcAmount price, UsageEntry entry) {
  Report {
    requireNonNull(key, "key is null");
    requireNonNull(price, "price is null");
    requireNonNull(entry, "entry is null");
  }
}
