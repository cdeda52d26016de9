/**
 * Tests of the value types and codecs, against vectors of an independent library and against
 * malformed input.
 */
@NullMarked
package network.tachi.evm;

import org.jspecify.annotations.NullMarked;
