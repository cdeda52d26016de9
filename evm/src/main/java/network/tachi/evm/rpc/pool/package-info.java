/**
 * Several endpoints of one chain made to look like one: the fittest is asked, another one when it
 * fails, is slow or lies, and none more often than it allows.
 */
@NullMarked
package network.tachi.evm.rpc.pool;

import org.jspecify.annotations.NullMarked;
