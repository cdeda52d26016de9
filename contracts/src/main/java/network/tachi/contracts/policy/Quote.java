package network.tachi.contracts.policy;

import network.tachi.evm.UsdcAmount;

/**
 * What a policy says of one request.
 *
 * @param category how open the path is
 * @param price USDC atomic units for the request
 */
public record Quote(Category category, UsdcAmount price) {}
