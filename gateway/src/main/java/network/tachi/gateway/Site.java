package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import network.tachi.contracts.policy.Policy;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import org.jspecify.annotations.Nullable;

/**
 * What a domain resolves to.
 *
 * @param licenseId the licence that holds the verified claim
 * @param payable active and not suspended
 * @param policy the newest published; null if there is none
 * @param termsHash the policy's hash; zero if there is none
 */
record Site(LicenseId licenseId, boolean payable, @Nullable Policy policy, Hash termsHash) {
  Site {
    requireNonNull(licenseId, "licenseId is null");
    requireNonNull(termsHash, "termsHash is null");
  }
}
