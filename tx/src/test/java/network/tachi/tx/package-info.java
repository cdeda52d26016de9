@NullMarked
package network.tachi.tx;

import org.jspecify.annotations.NullMarked;
