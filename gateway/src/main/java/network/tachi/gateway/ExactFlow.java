package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.RpcException;
import network.tachi.gateway.AuthorizationRow.State;
import network.tachi.gateway.PaymentEvidence.Found;
import org.jspecify.annotations.Nullable;

/**
 * A request paid by an EIP-3009 authorisation: verify, reserve, fetch, settle, deliver.
 *
 * <p>One authorisation gives one response. Whoever comes with it again, at the same time or within
 * the window after, waits for that response and gets the same bytes; for any other request it is
 * used up.
 */
final class ExactFlow {
  private final PayerLimits limits;
  private final Authorizations authorizations;
  private final Identifiers identifiers;
  private final Responses responses;
  private final ExactVerifier verifier;
  private final SettlementDesk desk;
  private final OriginClient origin;
  private final ContentIds contentIds;
  private final Challenge challenge;
  private final GatewayMetrics metrics;
  private final Settlement settlement;
  private final Bell bell;
  private final InstantSource clock;
  private final Duration patience;

  ExactFlow(
      Parts parts,
      SettlementDesk desk,
      ExactVerifier verifier,
      Authorizations authorizations,
      PayerLimits limits) {
    this.limits = requireNonNull(limits, "limits is null");
    this.authorizations = requireNonNull(authorizations, "authorizations is null");
    this.identifiers = parts.identifiers();
    this.responses = parts.responses();
    this.verifier = requireNonNull(verifier, "verifier is null");
    this.desk = requireNonNull(desk, "desk is null");
    this.origin = parts.origin();
    this.contentIds = parts.contentIds();
    this.challenge = parts.challenge();
    this.metrics = parts.metrics();
    this.settlement = parts.settlement();
    this.bell = parts.bell();
    this.clock = parts.clock();
    this.patience = parts.patience();
  }

  /**
   * A request with its payment.
   *
   * @param identity of payment and request together, so that nobody gets the response who does not
   *     have the payment's signature
   */
  private record Attempt(
      ClientRequest request, Offer offer, Credential.Exact payment, PaymentKey key, Hash identity) {
    ExactRequirement requirement() {
      return new ExactRequirement(offer.licenseId(), offer.vault(), offer.price());
    }
  }

  /** Answers a request for priced content. */
  Reply handle(ClientRequest request, Offer offer, Credential.Exact payment) {
    PaymentKey key = PaymentKey.of(settlement.chain(), payment.authorization());
    Hash identity = Identifiers.fingerprint(request, payment);
    identifiers.requireUnused(payment, identity);
    Attempt attempt = new Attempt(request, offer, payment, key, identity);
    Instant deadline = clock.instant().plus(patience);
    while (true) {
      Optional<AuthorizationRow> taken = taken(key);
      Optional<Reply> reply =
          taken.isPresent() ? again(attempt, taken.get(), deadline) : first(attempt);
      if (reply.isPresent()) {
        return reply.get();
      }
    }
  }

  private Optional<AuthorizationRow> taken(PaymentKey key) {
    return authorizations.find(key).filter(row -> !row.isFree(clock.instant()));
  }

  /**
   * The authorisation is somebody's already: theirs is the one response. Empty if it has to be
   * looked at again.
   */
  private Optional<Reply> again(Attempt attempt, AuthorizationRow row, Instant deadline) {
    if (!row.fingerprint().equals(attempt.identity())) {
      return Optional.of(
          refuse(
              attempt.offer(),
              Refusal.of(Refusal.NONCE_USED, "the authorization paid for another request")));
    }
    if (row.isPaid()) {
      return Optional.of(deliverStored(attempt, row));
    }
    if (clock.instant().isAfter(deadline)) {
      return Optional.of(pending(row));
    }
    boolean resolved = row.state() == State.SETTLING && desk.resolve(row);
    if (!resolved && !bell.await()) {
      throw GatewayErrors.tryAgain("the request was interrupted");
    }
    return authorizations
        .find(row.key())
        .filter(now -> now.state() == State.FAILED)
        .map(now -> failed(attempt, now));
  }

  /** Verifies, reserves and serves; empty if somebody else was first. */
  private Optional<Reply> first(Attempt attempt) {
    Optional<Refusal> refusal = verify(attempt.payment(), attempt.requirement());
    Optional<Found> paid = refusal.flatMap(reason -> paidElsewhere(attempt, reason));
    if (refusal.isPresent() && paid.isEmpty()) {
      boolean overtaken =
          taken(attempt.key())
              .filter(row -> row.fingerprint().equals(attempt.identity()))
              .isPresent();
      return overtaken ? Optional.empty() : Optional.of(refuse(attempt.offer(), refusal.get()));
    }
    Authorizations.Wanted wanted = wanted(attempt);
    if (!reserve(wanted, attempt, paid.isPresent())) {
      return Optional.empty();
    }
    AuthorizationRow reserved =
        authorizations
            .find(attempt.key())
            .filter(row -> row.requestId().equals(wanted.requestId()))
            .orElseThrow(() -> GatewayErrors.tryAgain("the reservation was lost"));
    return Optional.of(serve(attempt, reserved, paid.orElse(null)));
  }

  private Optional<Refusal> verify(Credential.Exact payment, ExactRequirement requirement) {
    try {
      return verifier.verify(payment, requirement);
    } catch (RpcException e) {
      throw GatewayErrors.tryAgain("the chain can't be asked now; nothing was charged", e);
    }
  }

  private Optional<Found> paidElsewhere(Attempt attempt, Refusal refusal) {
    return refusal.code().equals(Refusal.NONCE_USED)
        ? desk.paidElsewhere(attempt.key(), paymentId(attempt.key()), attempt.requirement())
        : Optional.empty();
  }

  private Hash paymentId(PaymentKey key) {
    return WireIds.paymentId(key.chain(), settlement.usdc(), key.from(), key.nonce());
  }

  private Authorizations.Wanted wanted(Attempt attempt) {
    Offer offer = attempt.offer();
    return new Authorizations.Wanted(
        attempt.key(),
        offer.licenseId(),
        attempt.payment().authorization(),
        attempt.payment().signature(),
        attempt.identity(),
        WireIds.requestId(offer.licenseId(), attempt.key().from(), contentIds.draw()),
        contentIds.of(offer.licenseId(), offer.url()),
        paymentId(attempt.key()));
  }

  private boolean reserve(Authorizations.Wanted wanted, Attempt attempt, boolean paid) {
    return limits.reserve(
        wanted,
        paid,
        tx ->
            identifiers.claim(
                tx, attempt.payment(), attempt.identity(), wanted.licenseId(), wanted.requestId()));
  }

  private Reply serve(Attempt attempt, AuthorizationRow reserved, @Nullable Found paid) {
    Credential.Exact payment = attempt.payment();
    boolean begun = false;
    Reply content;
    try {
      content = origin.fetch(attempt.request());
      if (!content.isChargeable()) {
        return content;
      }
      begun = desk.begin(reserved, payment.authorization(), payment.signature(), content, paid);
    } finally {
      if (!begun) {
        authorizations.release(reserved.key(), reserved.requestId());
        bell.ring();
      }
    }
    if (!begun) {
      throw GatewayErrors.tryAgain(
          "the origin took too long and the reservation was lost; nothing was charged");
    }
    return settle(attempt, reserved, content);
  }

  private Reply settle(Attempt attempt, AuthorizationRow reserved, Reply content) {
    long started = System.nanoTime();
    AuthorizationRow row = authorizations.find(reserved.key()).orElse(reserved);
    if (row.state() == State.SETTLING) {
      row = desk.await(reserved, patience).orElse(reserved);
    }
    metrics.settled(Duration.ofNanos(System.nanoTime() - started));
    if (row.isPaid()) {
      return deliver(content, attempt, row);
    }
    return row.state() == State.FAILED ? failed(attempt, row) : pending(row);
  }

  private Reply deliverStored(Attempt attempt, AuthorizationRow row) {
    return responses
        .find(row.responseId())
        .map(stored -> deliver(stored, attempt, row))
        .orElseGet(() ->
            refuse(
                attempt.offer(),
                Refusal.of(
                    Refusal.NONCE_USED,
                    "the authorization was used, and its response is forgotten")));
  }

  private Reply deliver(Reply content, Attempt attempt, AuthorizationRow row) {
    if (row.state() == State.SETTLED) {
      authorizations.served(row);
    }
    return PaidHeaders.direct(content, row.receipt(), attempt.payment().version());
  }

  private Reply failed(Attempt attempt, AuthorizationRow row) {
    String code = row.failure() == null ? Refusal.TRANSACTION_FAILED : row.failure();
    return refuse(attempt.offer(), Refusal.of(code, "the settlement failed; nothing was charged"))
        .with(
            "payment-response", PaidHeaders.failed(settlement.chain(), row.key().from(), code, ""));
  }

  /** Not through yet: the client comes again with the same authorisation. */
  private Reply pending(AuthorizationRow row) {
    String transaction = desk.transaction(row).map(Hash::toString).orElse("");
    return Replies.pending(
        PaidHeaders.failed(
            settlement.chain(), row.key().from(), "settlement_pending", transaction));
  }

  private Reply refuse(Offer offer, Refusal refusal) {
    metrics.refused(refusal.code());
    return challenge.refused(offer, refusal);
  }
}
