package network.tachi.oracle;

import java.util.Optional;
import network.tachi.evm.LicenseId;

/**
 * The licence exists, is active, not suspended, and has a verified domain: only such a licence
 * earns.
 */
final class LicensePayableRule implements IntakeRule {
  @Override
  public String code() {
    return "license_not_payable";
  }

  @Override
  public Optional<String> objection(PaidRequest request, IntakeFacts facts) {
    LicenseId id = request.service().licenseId();
    IntakeFacts.LicenseState state = facts.licenses().get(id);
    if (state == null) {
      return Optional.of("licence " + id + " does not exist");
    }
    if (!state.active()) {
      return Optional.of("licence " + id + " is not active");
    }
    if (state.suspended()) {
      return Optional.of("licence " + id + " is suspended");
    }
    return state.domainVerified()
        ? Optional.empty()
        : Optional.of("licence " + id + " has no verified domain");
  }
}
