package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;
import network.tachi.gateway.CreditDesk.Admission;
import network.tachi.gateway.CreditDesk.Admission.Admitted;
import network.tachi.gateway.CreditReporter.Result;
import network.tachi.gateway.ReservationRow.State;
import network.tachi.proto.v1.SignedAttestation;
import network.tachi.proto.v1.UsageEntry;
import network.tachi.server.ApiException;
import network.tachi.store.Database;

/**
 * A request drawn on a voucher: admit, fetch, store, report, and deliver only with the attestation.
 *
 * <p>A reply that a client lost is not lost: within the window the same voucher, byte for byte, for
 * the same request gets the same response without a new charge. To buy the same again, a client
 * signs another voucher, or gives each request its own {@code payment-identifier}.
 */
final class CreditFlow {
  private final Database database;
  private final Settlement settlement;
  private final CreditDesk desk;
  private final CreditReporter reporter;
  private final Reservations reservations;
  private final VoucherVerifier vouchers;
  private final Identifiers identifiers;
  private final Responses responses;
  private final OriginClient origin;
  private final ContentIds contentIds;
  private final Challenge challenge;
  private final GatewayMetrics metrics;
  private final Bell bell;
  private final InstantSource clock;
  private final Duration patience;
  private final Duration reportLease;

  CreditFlow(
      Parts parts,
      CreditDesk desk,
      CreditReporter reporter,
      Reservations reservations,
      VoucherVerifier vouchers,
      Duration reportLease) {
    this.database = parts.database();
    this.settlement = parts.settlement();
    this.identifiers = parts.identifiers();
    this.responses = parts.responses();
    this.origin = parts.origin();
    this.contentIds = parts.contentIds();
    this.challenge = parts.challenge();
    this.metrics = parts.metrics();
    this.bell = parts.bell();
    this.clock = parts.clock();
    this.patience = parts.patience();
    this.desk = requireNonNull(desk, "desk is null");
    this.reporter = requireNonNull(reporter, "reporter is null");
    this.reservations = requireNonNull(reservations, "reservations is null");
    this.vouchers = requireNonNull(vouchers, "vouchers is null");
    this.reportLease = requireNonNull(reportLease, "reportLease is null");
  }

  /** Answers a request for priced content. */
  Reply handle(ClientRequest request, Offer offer, Credential.Voucher payment) {
    Optional<Refusal> wrong = words(offer, payment);
    if (wrong.isPresent()) {
      return refuse(offer, wrong.get());
    }
    Optional<CheckedVoucher> voucher = vouchers.check(payment);
    if (voucher.isEmpty()) {
      return refuse(
          offer,
          Refusal.of(
              Refusal.VOUCHER_SIGNATURE,
              "not signed by " + payment.payer() + " nor by a live signer of it"));
    }
    Hash fingerprint = Identifiers.fingerprint(request, payment);
    Instant deadline = clock.instant().plus(patience);
    while (true) {
      Optional<Reply> earlier = earlier(offer, payment, fingerprint);
      if (earlier.isPresent()) {
        return earlier.get();
      }
      Hash requestId = WireIds.requestId(offer.licenseId(), payment.payer(), contentIds.draw());
      Hash contentId = contentIds.of(offer.licenseId(), offer.url());
      switch (desk.admit(voucher.get(), offer, payment, fingerprint, requestId, contentId)) {
        case Admission.Refused(PairStanding standing) -> {
          return refuse(offer, tooLow(offer, standing));
        }
        case Admission.Uncovered(PairStanding standing) -> {
          return refuse(
              offer,
              new Refusal(
                  Refusal.CREDIT,
                  "the deposit does not cover a further " + offer.price(),
                  standing));
        }
        case Admitted admitted -> {
          return serve(request, offer, admitted);
        }
        case Admission.Known(Hash known) -> pause(known, deadline);
      }
    }
  }

  private Optional<Refusal> words(Offer offer, Credential.Voucher payment) {
    CrawlVoucher voucher = payment.voucher();
    if (!payment.network().equals(settlement.chain())) {
      return Optional.of(
          Refusal.of(Refusal.INVALID_NETWORK, "expected " + settlement.chain().toCaip2()));
    }
    if (!voucher.licenseId().equals(offer.licenseId())) {
      return Optional.of(
          Refusal.of(
              Refusal.VOUCHER_LICENSE, "expected a voucher for licence " + offer.licenseId()));
    }
    return voucher.termsHash().equals(offer.termsHash())
        ? Optional.empty()
        : Optional.of(
            Refusal.of(Refusal.VOUCHER_TERMS, "the terms in force are " + offer.termsHash()));
  }

  private static Refusal tooLow(Offer offer, PairStanding standing) {
    return new Refusal(
        Refusal.VOUCHER_CEILING,
        "charged "
            + standing.charged()
            + " and reserved "
            + standing.reserved()
            + " leave no room for "
            + offer.price()
            + " under "
            + standing.cumulativeMax(),
        standing);
  }

  /** The response of the same payment for the same request, if it came before. */
  private Optional<Reply> earlier(Offer offer, Credential.Voucher payment, Hash fingerprint) {
    Optional<Hash> named = identifiers.find(payment, fingerprint);
    Optional<ReservationRow> row =
        payment.identifier().isPresent()
            ? named.flatMap(id ->
                reservations.find(
                    database.dsl(), new RequestKey(offer.licenseId(), payment.payer(), id)))
            : reservations.same(database.dsl(), offer.licenseId(), payment.payer(), fingerprint);
    return row.flatMap(found -> earlier(offer, found));
  }

  private Optional<Reply> earlier(Offer offer, ReservationRow row) {
    return switch (row.state()) {
      case ATTESTED, SERVED -> {
        Reply reply = deliver(row, row.requireAttestation(), desk.standing(row.key()));
        if (row.state() == State.ATTESTED) {
          desk.delivered(row.key());
        }
        yield Optional.of(reply);
      }
      case REPORTED -> {
        boolean mine =
            row.leaseUntil().isBefore(clock.instant())
                && reservations.takeOver(database.dsl(), row.key(), reportLease);
        yield mine ? Optional.of(reportAgain(offer, row)) : Optional.empty();
      }
      case RESERVED, RELEASED, REFUSED -> Optional.empty();
    };
  }

  private Reply reportAgain(Offer offer, ReservationRow row) {
    return switch (reporter.report(row.report(), false, true)) {
      case Result.Charged(SignedAttestation signed, PairStanding standing) ->
          deliver(row, signed, standing);
      case Result result -> notCharged(offer, result);
    };
  }

  /** Another request with the same payment is under way: its response will be ours. */
  private void pause(Hash requestId, Instant deadline) {
    if (clock.instant().isAfter(deadline) || !bell.await()) {
      throw GatewayErrors.tryAgain(
          "request " + requestId + " with the same payment is still under way");
    }
  }

  private Reply serve(ClientRequest request, Offer offer, Admitted admitted) {
    UsageEntry entry = admitted.entry();
    boolean stored = false;
    Reply content;
    try {
      content = origin.fetch(request);
      if (!content.isChargeable()) {
        return content;
      }
      stored = desk.store(admitted, entry, content);
    } finally {
      if (!stored) {
        desk.release(admitted.key(), admitted.price(), "the origin gave nothing to charge for");
      }
    }
    if (!stored) {
      throw GatewayErrors.tryAgain("the origin took too long; nothing was charged");
    }
    Report report = new Report(admitted.key(), admitted.price(), entry);
    return switch (reporter.report(report, true, true)) {
      case Result.Charged(SignedAttestation signed, PairStanding standing) ->
          deliver(content, report.key(), report.price(), signed, standing);
      case Result result -> notCharged(offer, result);
    };
  }

  private Reply notCharged(Offer offer, Result result) {
    return switch (result) {
      case Result.Charged _ -> throw new IllegalStateException("it was charged");
      case Result.Refused(Refusal refusal) -> refuse(offer, refusal);
      case Result.Down(String why) ->
          throw GatewayErrors.tryAgain(
              "the oracle takes no requests on credit now; nothing was charged (" + why + ")");
      case Result.Open(String why) ->
          throw GatewayErrors.tryAgain(
              "the oracle has not attested the request yet ("
                  + why
                  + "); repeat the request with the same voucher");
    };
  }

  private Reply deliver(ReservationRow row, SignedAttestation signed, PairStanding standing) {
    Reply content =
        responses
            .find(row.responseId())
            .orElseThrow(() ->
                ApiException.of(
                    GatewayErrors.RESPONSE_GONE,
                    "this request was paid and answered, and its response is forgotten"));
    return deliver(content, row.key(), row.price(), signed, standing);
  }

  private Reply deliver(
      Reply content,
      RequestKey key,
      UsdcAmount price,
      SignedAttestation signed,
      PairStanding standing) {
    return PaidHeaders.credit(content, settlement.chain(), key.crawler(), price, standing, signed);
  }

  private Reply refuse(Offer offer, Refusal refusal) {
    metrics.refused(refusal.code());
    return challenge.refused(offer, refusal);
  }
}
