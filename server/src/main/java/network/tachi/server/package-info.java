/**
 * What every serving role shares: one port for HTTP/1.1, HTTP/2 and gRPC, one error model, limits,
 * health, metrics and the admin socket. Start with {@link network.tachi.server.TachiServer}.
 */
@NullMarked
package network.tachi.server;

import org.jspecify.annotations.NullMarked;
