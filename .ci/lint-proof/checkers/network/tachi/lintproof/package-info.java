/** Code that every gate of the compiler has to refuse. */
@NullMarked
package network.tachi.lintproof;

import org.jspecify.annotations.NullMarked;
