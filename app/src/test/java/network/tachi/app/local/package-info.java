/** The local network's parts, one by one. */
@NullMarked
package network.tachi.app.local;

import org.jspecify.annotations.NullMarked;
