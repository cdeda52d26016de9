/**
 * A JSON-RPC client for Ethereum nodes: one HTTP endpoint, typed calls, typed errors. What a node
 * answers is checked for its form only; whether it is true is for the caller to verify.
 */
@NullMarked
package network.tachi.evm.rpc;

import org.jspecify.annotations.NullMarked;
