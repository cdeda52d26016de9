/** One main class for every role and tool, and the code that composes the roles. */
@NullMarked
package network.tachi.app;

import org.jspecify.annotations.NullMarked;
