package network.tachi.testkit.chain;

import network.tachi.evm.Address;
import network.tachi.evm.Hash;

/**
 * A payment of a generated chain.
 *
 * @param id its id
 * @param licenseId who is paid
 * @param payer the crawler
 * @param amount atomic units of USDC
 * @param nonce of the authorisation
 * @param method 1 for {@code pay}, 2 for an authorisation
 * @param paidAt seconds since 1970
 */
public record Payment(
    Hash id, long licenseId, Address payer, long amount, Hash nonce, int method, long paidAt) {}
