/**
 * The transaction outbox: a transaction is stored, with nonce and signed bytes, before it is
 * broadcast, and watched until it is final. A library over the caller's schema.
 */
@NullMarked
package network.tachi.tx;

import org.jspecify.annotations.NullMarked;
