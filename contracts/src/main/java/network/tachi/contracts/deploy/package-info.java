/** Deterministic deployment of a network's contracts, safe to run twice. */
@NullMarked
package network.tachi.contracts.deploy;

import org.jspecify.annotations.NullMarked;
