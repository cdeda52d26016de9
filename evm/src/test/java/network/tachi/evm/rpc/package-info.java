/** Tests of the JSON-RPC client against a local HTTP server and recorded answers of nodes. */
@NullMarked
package network.tachi.evm.rpc;

import org.jspecify.annotations.NullMarked;
