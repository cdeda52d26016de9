/** Tests of the query API over a real database and real sockets. */
@NullMarked
package network.tachi.queryapi;

import org.jspecify.annotations.NullMarked;
