/**
 * What the roles send and ask, and the challenges, without web3j. All other functions are in {@code
 * network.tachi.contracts.web3j}.
 */
@NullMarked
package network.tachi.contracts.call;

import org.jspecify.annotations.NullMarked;
