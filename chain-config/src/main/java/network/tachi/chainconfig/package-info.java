/**
 * The networks Tachi runs on: chains, endpoints, contracts, USDC. Loaded, validated, and given out
 * as records.
 */
@NullMarked
package network.tachi.chainconfig;

import org.jspecify.annotations.NullMarked;
