/** Tests. */
@NullMarked
package network.tachi.evm.rpc.pool;

import org.jspecify.annotations.NullMarked;
