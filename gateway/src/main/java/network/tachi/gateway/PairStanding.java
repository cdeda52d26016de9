package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import network.tachi.evm.UsdcAmount;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a pair (crawler, licence) stands (wire.md section 8).
 *
 * @param charged by the usage log
 * @param reserved for requests under way
 * @param cumulativeMax the highest valid ceiling seen
 */
record PairStanding(UsdcAmount charged, UsdcAmount reserved, UsdcAmount cumulativeMax) {
  PairStanding {
    requireNonNull(charged, "charged is null");
    requireNonNull(reserved, "reserved is null");
    requireNonNull(cumulativeMax, "cumulativeMax is null");
  }

  /** Whether a further request fits under the ceiling. */
  boolean admits(UsdcAmount price) {
    return with(price).compareTo(cumulativeMax) <= 0;
  }

  /** What is used up with a further request. */
  UsdcAmount with(UsdcAmount price) {
    return charged.plus(reserved).plus(price);
  }

  void writeTo(ObjectNode json) {
    json.put("charged", charged.toString());
    json.put("reserved", reserved.toString());
    json.put("cumulativeMax", cumulativeMax.toString());
  }
}
