/**
 * HTTP 402 in front of publishers' content: asks for payment, verifies it, fetches the content,
 * settles or charges, and delivers. Also an x402 facilitator.
 */
@NullMarked
package network.tachi.gateway;

import org.jspecify.annotations.NullMarked;
