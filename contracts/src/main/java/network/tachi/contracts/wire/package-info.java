/**
 * The wire formats of wire.md: typed structs, identifiers, the usage log's tree and the settlement
 * trees, encoded by fixed layout.
 */
@NullMarked
package network.tachi.contracts.wire;

import org.jspecify.annotations.NullMarked;
