/**
 * The local network: PostgreSQL and two chains as child processes, and the roles on top of them.
 */
@NullMarked
package network.tachi.app.local;

import org.jspecify.annotations.NullMarked;
