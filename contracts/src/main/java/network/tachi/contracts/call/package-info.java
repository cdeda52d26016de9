/** Call data of the functions that the roles send, and the views they ask, without web3j. */
@NullMarked
package network.tachi.contracts.call;

import org.jspecify.annotations.NullMarked;
