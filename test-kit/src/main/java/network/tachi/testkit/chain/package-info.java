/**
 * Chains made from a seed, as long and as forked as a test wants, and a node that serves them by
 * JSON-RPC at any pace and with any fault.
 */
@NullMarked
package network.tachi.testkit.chain;

import org.jspecify.annotations.NullMarked;
