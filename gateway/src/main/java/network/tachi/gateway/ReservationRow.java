package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Locale;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import network.tachi.proto.v1.SignedAttestation;
import network.tachi.proto.v1.UsageEntry;
import org.jspecify.annotations.Nullable;

/**
 * A request that draws on a voucher.
 *
 * @param fingerprint of payment and request together
 * @param entry what is or was reported; null before
 * @param attestation once there is one
 * @param responseId of the stored response, until it is forgotten
 * @param leaseUntil until then a request works on it
 */
record ReservationRow(
    LicenseId licenseId,
    Address crawler,
    Hash requestId,
    UsdcAmount price,
    Hash fingerprint,
    State state,
    @Nullable UsageEntry entry,
    @Nullable SignedAttestation attestation,
    @Nullable Long responseId,
    Instant leaseUntil) {
  /** How far it is. */
  enum State {
    /** Admitted; the origin is being asked. */
    RESERVED,
    /** The response is stored, and the oracle may know of it. */
    REPORTED,
    /** Charged; the response waits for its client. */
    ATTESTED,
    /** Charged and handed out; kept for a client that lost it. */
    SERVED,
    /** Came to nothing before it was reported. */
    RELEASED,
    /** The oracle refused it. */
    REFUSED;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  ReservationRow {
    requireNonNull(licenseId, "licenseId is null");
    requireNonNull(crawler, "crawler is null");
    requireNonNull(requestId, "requestId is null");
    requireNonNull(state, "state is null");
  }

  /** What makes it unique. */
  RequestKey key() {
    return new RequestKey(licenseId, crawler, requestId);
  }

  /** What was, or may have been, reported. */
  Report report() {
    if (entry == null) {
      throw new IllegalStateException(
          "request " + requestId + " is " + state + " without an entry");
    }
    return new Report(key(), price, entry);
  }

  /** The attestation of a charged request. */
  SignedAttestation requireAttestation() {
    if (attestation == null) {
      throw new IllegalStateException(
          "request " + requestId + " is " + state + " without an attestation");
    }
    return attestation;
  }
}
