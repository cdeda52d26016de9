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
import network.tachi.store.Database;
import org.jspecify.annotations.Nullable;

/**
 * A request paid by an EIP-3009 authorisation: verify, reserve, fetch, settle, deliver.
 *
 * <p>One authorisation gives one response. Whoever comes with it again, at the same time or within
 * the window after, waits for that response and gets the same bytes; for any other request it is
 * used up.
 */
final class ExactFlow {
  private final Database database;
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
      Parts parts, SettlementDesk desk, ExactVerifier verifier, Authorizations authorizations) {
    this.database = parts.database();
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

  /** Answers a request for priced content. */
  Reply handle(ClientRequest request, Offer offer, Credential.Exact payment) {
    PaymentKey key = PaymentKey.of(settlement.chain(), payment.authorization());
    Hash identity = Identifiers.fingerprint(request, payment);
    identifiers.requireUnused(payment, identity);
    Instant deadline = clock.instant().plus(patience);
    while (true) {
      Optional<AuthorizationRow> known = authorizations.find(key);
      if (known.isPresent() && !known.get().isFree(clock.instant())) {
        Optional<Reply> reply = again(request, offer, payment, known.get(), deadline);
        if (reply.isPresent()) {
          return reply.get();
        }
        continue;
      }
      Optional<Reply> reply = first(request, offer, payment, key, identity);
      if (reply.isPresent()) {
        return reply.get();
      }
    }
  }

  /**
   * The authorisation is somebody's already: theirs is the one response. Empty if it has become
   * free.
   */
  private Optional<Reply> again(
      ClientRequest request,
      Offer offer,
      Credential.Exact payment,
      AuthorizationRow row,
      Instant deadline) {
    if (!row.fingerprint().equals(request.fingerprint())) {
      return Optional.of(
          refuse(
              offer, Refusal.of(Refusal.NONCE_USED, "the authorization paid for another request")));
    }
    if (row.isPaid()) {
      return Optional.of(deliverStored(offer, payment, row));
    }
    if (clock.instant().isAfter(deadline)) {
      return Optional.of(pending(row));
    }
    if (row.state() == State.SETTLING && desk.resolve(row)) {
      return authorizations
          .find(row.key())
          .filter(now -> now.state() == State.FAILED)
          .map(now -> failed(offer, now));
    }
    if (!bell.await()) {
      throw GatewayErrors.tryAgain("the request was interrupted");
    }
    return authorizations
        .find(row.key())
        .filter(now -> now.state() == State.FAILED)
        .map(now -> failed(offer, now));
  }

  /** Verifies, reserves and serves; empty if somebody else reserved first. */
  private Optional<Reply> first(
      ClientRequest request, Offer offer, Credential.Exact payment, PaymentKey key, Hash identity) {
    ExactRequirement requirement =
        new ExactRequirement(offer.licenseId(), offer.vault(), offer.price());
    Hash paymentId = WireIds.paymentId(key.chain(), settlement.usdc(), key.from(), key.nonce());
    @Nullable Found paid = null;
    Optional<Refusal> refusal = verify(payment, requirement);
    if (refusal.isPresent()) {
      paid =
          refusal.get().code().equals(Refusal.NONCE_USED)
              ? desk.paidElsewhere(key, paymentId, requirement).orElse(null)
              : null;
      if (paid == null) {
        return Optional.of(refuse(offer, refusal.get()));
      }
    }
    Authorizations.Wanted wanted = wanted(request, offer, payment, key, paymentId);
    if (!reserve(wanted, payment, identity)) {
      return Optional.empty();
    }
    AuthorizationRow reserved =
        authorizations
            .find(key)
            .filter(row -> row.requestId().equals(wanted.requestId()))
            .orElseThrow(() -> GatewayErrors.tryAgain("the reservation was lost"));
    return Optional.of(serve(request, offer, payment, reserved, paid));
  }

  private Optional<Refusal> verify(Credential.Exact payment, ExactRequirement requirement) {
    try {
      return verifier.verify(payment, requirement);
    } catch (RpcException e) {
      throw GatewayErrors.tryAgain("the chain can't be asked now; nothing was charged", e);
    }
  }

  private Authorizations.Wanted wanted(
      ClientRequest request,
      Offer offer,
      Credential.Exact payment,
      PaymentKey key,
      Hash paymentId) {
    return new Authorizations.Wanted(
        key,
        offer.licenseId(),
        payment.authorization(),
        payment.signature(),
        request.fingerprint(),
        WireIds.requestId(offer.licenseId(), key.from(), contentIds.draw()),
        contentIds.of(offer.licenseId(), offer.url()),
        paymentId);
  }

  private boolean reserve(Authorizations.Wanted wanted, Credential.Exact payment, Hash identity) {
    return database.transaction(tx -> {
      if (!authorizations.reserve(tx, wanted)) {
        return false;
      }
      identifiers.claim(tx, payment, identity, wanted.licenseId(), wanted.requestId());
      return true;
    });
  }

  private Reply serve(
      ClientRequest request,
      Offer offer,
      Credential.Exact payment,
      AuthorizationRow reserved,
      @Nullable Found paid) {
    boolean begun = false;
    Reply content;
    try {
      content = origin.fetch(request);
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
    return settle(offer, payment, reserved, content);
  }

  private Reply settle(
      Offer offer, Credential.Exact payment, AuthorizationRow reserved, Reply content) {
    long started = System.nanoTime();
    AuthorizationRow row = authorizations.find(reserved.key()).orElse(reserved);
    if (row.state() == State.SETTLING) {
      row = desk.await(reserved, patience).orElse(reserved);
    }
    metrics.settled(Duration.ofNanos(System.nanoTime() - started));
    if (row.isPaid()) {
      return deliver(content, payment, row);
    }
    return row.state() == State.FAILED ? failed(offer, row) : pending(row);
  }

  private Reply deliverStored(Offer offer, Credential.Exact payment, AuthorizationRow row) {
    Optional<Reply> stored = responses.find(row.responseId());
    if (stored.isEmpty()) {
      return refuse(
          offer,
          Refusal.of(
              Refusal.NONCE_USED, "the authorization was used, and its response is forgotten"));
    }
    return deliver(stored.get(), payment, row);
  }

  private Reply deliver(Reply content, Credential.Exact payment, AuthorizationRow row) {
    if (row.state() == State.SETTLED) {
      authorizations.served(row);
    }
    return PaidHeaders.direct(content, row.receipt(), payment.version());
  }

  private Reply failed(Offer offer, AuthorizationRow row) {
    String code = row.failure() == null ? Refusal.TRANSACTION_FAILED : row.failure();
    return refuse(offer, Refusal.of(code, "the settlement failed; nothing was charged"))
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
