/**
 * What crawlers, publishers and auditors ask: discovery, verification, analytics and policies, by
 * gRPC and REST. Start with {@link network.tachi.queryapi.QueryApiRole}.
 */
@NullMarked
package network.tachi.queryapi;

import org.jspecify.annotations.NullMarked;
