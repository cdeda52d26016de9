/** The whole system under test: real chains, real database, real sockets. */
@NullMarked
package network.tachi.app;

import org.jspecify.annotations.NullMarked;
