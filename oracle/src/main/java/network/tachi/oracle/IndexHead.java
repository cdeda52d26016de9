package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The newest indexed block of the settlement chain.
 *
 * @param age by the clock; {@link IndexAge#NEVER} if nothing is indexed
 * @param timestamp in seconds since 1970; 0 if nothing is indexed
 */
record IndexHead(Duration age, long timestamp) {
  IndexHead {
    requireNonNull(age, "age is null");
  }
}
