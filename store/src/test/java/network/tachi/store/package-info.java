@NullMarked
package network.tachi.store;

import org.jspecify.annotations.NullMarked;
