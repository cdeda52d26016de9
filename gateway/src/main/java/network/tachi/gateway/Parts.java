package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.InstantSource;
import network.tachi.store.Database;

/**
 * What both rails need.
 *
 * @param patience how long a request waits for a settlement or for another request with the same
 *     payment
 */
record Parts(
    Database database,
    Settlement settlement,
    Identifiers identifiers,
    Responses responses,
    OriginClient origin,
    ContentIds contentIds,
    Challenge challenge,
    GatewayMetrics metrics,
    Bell bell,
    InstantSource clock,
    Duration patience) {
  Parts {
    requireNonNull(database, "database is null");
    requireNonNull(settlement, "settlement is null");
    requireNonNull(identifiers, "identifiers is null");
    requireNonNull(responses, "responses is null");
    requireNonNull(origin, "origin is null");
    requireNonNull(contentIds, "contentIds is null");
    requireNonNull(challenge, "challenge is null");
    requireNonNull(metrics, "metrics is null");
    requireNonNull(bell, "bell is null");
    requireNonNull(clock, "clock is null");
    requireNonNull(patience, "patience is null");
  }
}
