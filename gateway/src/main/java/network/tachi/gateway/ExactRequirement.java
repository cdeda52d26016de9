package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import network.tachi.evm.Address;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;

/**
 * What an authorisation must be for us to take it; never read from the payment itself.
 *
 * @param payTo the licence's vault
 * @param amount the exact value
 */
record ExactRequirement(LicenseId licenseId, Address payTo, UsdcAmount amount) {
  ExactRequirement {
    requireNonNull(licenseId, "licenseId is null");
    requireNonNull(payTo, "payTo is null");
    requireNonNull(amount, "amount is null");
  }
}
