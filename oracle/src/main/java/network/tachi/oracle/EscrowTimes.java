package network.tachi.oracle;

import java.time.Duration;

/**
 * The credit escrow's fixed times.
 *
 * @param revokeDelay from the revocation of a signer until it takes effect
 * @param fallback after which a withdrawal needs no new header
 */
record EscrowTimes(Duration revokeDelay, Duration fallback) {
  EscrowTimes {
    if (revokeDelay.isNegative() || fallback.isNegative()) {
      throw new IllegalArgumentException("revokeDelay " + revokeDelay + ", fallback " + fallback);
    }
  }

  /** How long the oldest line that no epoch covers may wait while credit is given. */
  Duration longestWait() {
    return revokeDelay.dividedBy(2);
  }

  /** How old a header's {@code closedAt} may be when it is posted. */
  Duration oldestHeader() {
    return Duration.ofSeconds(fallback.toSeconds() / 2);
  }
}
