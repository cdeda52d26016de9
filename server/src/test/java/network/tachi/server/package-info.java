/** Tests of the server: real sockets, real clients. */
@NullMarked
package network.tachi.server;

import org.jspecify.annotations.NullMarked;
