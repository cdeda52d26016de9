package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;

/**
 * What a request costs, and on which terms.
 *
 * @param licenseId who is paid
 * @param price of one request
 * @param termsHash the policy in force
 * @param vault where authorisations pay to
 * @param url what is sold
 */
record Offer(LicenseId licenseId, UsdcAmount price, Hash termsHash, Address vault, String url) {
  Offer {
    requireNonNull(licenseId, "licenseId is null");
    requireNonNull(price, "price is null");
    requireNonNull(termsHash, "termsHash is null");
    requireNonNull(vault, "vault is null");
    requireNonNull(url, "url is null");
  }
}
