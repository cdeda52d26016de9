package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Locale;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import org.jspecify.annotations.Nullable;

/**
 * An authorisation that somebody works on, or has.
 *
 * @param fingerprint of the request it pays for; zero if it was settled for another gateway
 * @param requestId drawn anew at each reservation, so it names this one
 * @param external settled by someone else before us
 * @param transaction that settled it
 * @param failure code of what stopped it
 * @param responseId of the stored response, until it is forgotten
 * @param leaseUntil after it, a row that is only reserved is free
 */
record AuthorizationRow(
    PaymentKey key,
    LicenseId licenseId,
    UsdcAmount value,
    Hash fingerprint,
    Hash requestId,
    Hash contentId,
    Hash paymentId,
    State state,
    boolean external,
    @Nullable Hash transaction,
    @Nullable String failure,
    @Nullable Long responseId,
    Instant leaseUntil) {
  /** How far it is. */
  enum State {
    /** Verified; the origin is being asked. */
    RESERVED,
    /** The response is stored, the settlement in the outbox. */
    SETTLING,
    /** Paid; the response waits for its client. */
    SETTLED,
    /** Paid and handed out. */
    SERVED,
    /** Could not be settled; nothing was paid. */
    FAILED;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  AuthorizationRow {
    requireNonNull(key, "key is null");
    requireNonNull(state, "state is null");
  }

  /** Whether a request may reserve it anew. */
  boolean isFree(Instant now) {
    return state == State.FAILED || (state == State.RESERVED && leaseUntil.isBefore(now));
  }

  /** Whether it is paid. */
  boolean isPaid() {
    return state == State.SETTLED || state == State.SERVED;
  }

  /** The key of its settlement in the outbox. */
  String outboxKey() {
    return paymentId + "/" + requestId;
  }

  /** What the client is told of its settlement. */
  PaidHeaders.DirectReceipt receipt() {
    if (transaction == null) {
      throw new IllegalStateException(
          "payment " + paymentId + " is " + state + " without a transaction");
    }
    return new PaidHeaders.DirectReceipt(key.chain(), key.from(), transaction, value, external);
  }
}
