/**
 * A publisher's one policy: what each path costs, for which purpose. Read by gateway and query API.
 */
@NullMarked
package network.tachi.contracts.policy;

import org.jspecify.annotations.NullMarked;
