/** Runs the roles, all in one process or each in its own. */
@NullMarked
package network.tachi.app.role;

import org.jspecify.annotations.NullMarked;
