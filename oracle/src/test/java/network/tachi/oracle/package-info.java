@NullMarked
package network.tachi.oracle;

import org.jspecify.annotations.NullMarked;
