package network.tachi.app.demo;

import network.tachi.contracts.policy.Policy;
import network.tachi.evm.Address;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;

/**
 * What a publisher of the demo has.
 *
 * @param publisher who holds the licence
 * @param payout where its money goes
 * @param license on the settlement chain
 * @param domain its site
 * @param policy its prices
 * @param price of an article
 */
record Site(
    Actor publisher,
    Address payout,
    LicenseId license,
    String domain,
    Policy policy,
    UsdcAmount price) {}
