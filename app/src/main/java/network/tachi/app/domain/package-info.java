/** Proof that a licence's holder controls a domain. */
@NullMarked
package network.tachi.app.domain;

import org.jspecify.annotations.NullMarked;
