/** The events of all contracts (wire.md section 7) as records, and their strict decoders. */
@NullMarked
package network.tachi.contracts.event;

import org.jspecify.annotations.NullMarked;
