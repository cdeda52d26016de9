package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;
import network.tachi.gateway.Pairs.Locked;
import network.tachi.gateway.ReservationRow.State;
import network.tachi.proto.v1.SignedAttestation;
import network.tachi.proto.v1.UsageEntry;
import network.tachi.store.Database;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the account of each pair: admits requests under the highest voucher, and enters what became
 * of them. Each entry is one transaction that first locks the pair's row.
 */
final class CreditDesk {
  private final Database database;
  private final Pairs pairs;
  private final Reservations reservations;
  private final Responses responses;
  private final Identifiers identifiers;
  private final VoucherVerifier vouchers;
  private final OracleClient oracle;
  private final Deposits deposits;
  private final Bell bell;
  private final Duration fetchLease;
  private final Duration reportLease;

  /**
   * Creates the desk.
   *
   * @param fetchLease how long a request may take to fetch the content
   * @param reportLease how long it may take to report it
   */
  CreditDesk(
      Parts parts,
      Pairs pairs,
      Reservations reservations,
      VoucherVerifier vouchers,
      OracleClient oracle,
      Deposits deposits,
      Duration fetchLease,
      Duration reportLease) {
    this.database = parts.database();
    this.responses = parts.responses();
    this.identifiers = parts.identifiers();
    this.bell = parts.bell();
    this.pairs = requireNonNull(pairs, "pairs is null");
    this.reservations = requireNonNull(reservations, "reservations is null");
    this.vouchers = requireNonNull(vouchers, "vouchers is null");
    this.oracle = requireNonNull(oracle, "oracle is null");
    this.deposits = requireNonNull(deposits, "deposits is null");
    this.fetchLease = requireNonNull(fetchLease, "fetchLease is null");
    this.reportLease = requireNonNull(reportLease, "reportLease is null");
  }

  /** Whether a request may go on. */
  sealed interface Admission {
    /**
     * It may.
     *
     * @param voucher the pair's highest, which covers it
     * @param signature over that voucher
     */
    record Admitted(
        RequestKey key, UsdcAmount price, CrawlVoucher voucher, Bytes signature, Hash contentId)
        implements Admission {
      /** What will be reported. */
      UsageEntry entry() {
        return UsageEntries.credit(voucher, signature, contentId, key.requestId(), price);
      }
    }

    /** The ceiling is too low. */
    record Refused(PairStanding standing) implements Admission {}

    /**
     * The crawler's deposit is too low.
     *
     * @param standing null if the pair is new here
     */
    record Uncovered(@Nullable PairStanding standing) implements Admission {}

    /** Another request has the same payment, or the same payment identifier. */
    record Known(Hash requestId) implements Admission {}
  }

  /**
   * Admits a request if charged + reserved + price fits under the pair's highest valid voucher and
   * into what the crawler has deposited. Who has deposited nothing leaves no trace.
   */
  Admission admit(
      CheckedVoucher voucher,
      Offer offer,
      Credential.Voucher payment,
      Hash fingerprint,
      Hash requestId,
      Hash contentId) {
    RequestKey key = new RequestKey(offer.licenseId(), voucher.voucher().crawler(), requestId);
    boolean isNew = !pairs.isKnown(database.dsl(), key.crawler(), key.licenseId());
    if (isNew && !covers(database.dsl(), key, offer.price())) {
      return new Admission.Uncovered(null);
    }
    Optional<UsdcAmount> charged = isNew ? Optional.of(chargedInLog(key)) : Optional.empty();
    return database.transaction(tx -> {
      charged.ifPresent(amount -> pairs.open(tx, voucher, amount));
      Locked before = lock(tx, key);
      Optional<Hash> known = known(tx, key, payment, fingerprint);
      if (known.isPresent()) {
        return new Admission.Known(known.get());
      }
      Locked pair = highest(tx, before, voucher, offer);
      if (!pair.standing().admits(offer.price())) {
        return new Admission.Refused(pair.standing());
      }
      if (!covers(tx, key, pair.standing().with(offer.price()))) {
        return new Admission.Uncovered(pair.standing());
      }
      Optional<Hash> taken =
          identifiers.claim(tx, payment, fingerprint, offer.licenseId(), requestId);
      if (taken.isPresent()) {
        return new Admission.Known(taken.get());
      }
      reservations.add(
          tx, key, offer.price(), pair.voucherHash(), contentId, fingerprint, fetchLease);
      PairStanding standing = pair.standing();
      account(tx, key, standing.charged(), standing.reserved().plus(offer.price()));
      return new Admission.Admitted(
          key, offer.price(), pair.voucher(), pair.signature(), contentId);
    });
  }

  private boolean covers(DSLContext dsl, RequestKey key, UsdcAmount total) {
    return deposits.cover(dsl, key.crawler(), key.licenseId(), total);
  }

  /**
   * The request that came before with the same payment. It is looked for ahead of the ceiling,
   * under which there may be no room but for that one.
   */
  private Optional<Hash> known(
      DSLContext tx, RequestKey key, Credential.Voucher payment, Hash fingerprint) {
    return payment.identifier().isPresent()
        ? Identifiers.find(tx, payment, fingerprint)
        : reservations
            .same(tx, key.licenseId(), key.crawler(), fingerprint)
            .map(ReservationRow::requestId);
  }

  /** The oracle's word on a pair that has no row here yet. */
  private UsdcAmount chargedInLog(RequestKey key) {
    try {
      return oracle.charged(key.crawler(), key.licenseId());
    } catch (StatusRuntimeException e) {
      throw GatewayErrors.tryAgain("the oracle can't be asked now; nothing was charged", e);
    }
  }

  /**
   * The pair under the higher of its voucher and this one; a voucher for other terms or by a
   * revoked signer is void.
   */
  private Locked highest(DSLContext tx, Locked pair, CheckedVoucher voucher, Offer offer) {
    boolean higher =
        voucher.voucher().cumulativeMax().compareTo(pair.voucher().cumulativeMax()) > 0;
    boolean valid =
        pair.voucher().termsHash().equals(offer.termsHash())
            && vouchers.mayStillSign(tx, pair.voucher().crawler(), pair.signer());
    if (valid && !higher) {
      return pair;
    }
    pairs.raise(tx, voucher);
    PairStanding before = pair.standing();
    return new Locked(
        voucher.voucher(),
        voucher.hash(),
        voucher.signer(),
        Bytes.wrap(voucher.signature().toBytes()),
        new PairStanding(before.charged(), before.reserved(), voucher.voucher().cumulativeMax()));
  }

  /**
   * Stores the response before anything is reported; false if the reservation was lost meanwhile.
   */
  boolean store(Admission.Admitted admitted, UsageEntry entry, Reply content) {
    return database.transaction(tx -> {
      long response = responses.store(tx, content);
      boolean stored = reservations.reported(tx, admitted.key(), entry, response, reportLease);
      if (!stored) {
        responses.drop(tx, response);
      }
      return stored;
    });
  }

  /**
   * Enters the charge, once, and where asked that the response is handed out with it.
   *
   * @return where the pair stands then
   */
  PairStanding charge(RequestKey key, UsdcAmount price, SignedAttestation signed, boolean deliver) {
    PairStanding after =
        database.transaction(tx -> {
          PairStanding standing = lock(tx, key).standing();
          if (reservations.attested(tx, key, signed)) {
            standing = charged(standing, price, signed);
            account(tx, key, standing.charged(), standing.reserved());
            responses.keep(tx, key);
          }
          if (deliver) {
            reservations.served(tx, key);
          }
          return standing;
        });
    bell.ring();
    return after;
  }

  /**
   * The log's total may hold charges of others, and some of our own that are still reserved here;
   * it is believed as far as these can't explain it.
   */
  private static PairStanding charged(
      PairStanding before, UsdcAmount price, SignedAttestation signed) {
    UsdcAmount reserved = before.reserved().minus(price);
    UsdcAmount charged = before.charged().plus(price);
    UsdcAmount inLog = UsdcAmount.parse(signed.getAttestation().getPairCumulative());
    boolean others = inLog.compareTo(charged.plus(reserved)) > 0;
    return new PairStanding(
        others ? inLog.minus(reserved) : charged, reserved, before.cumulativeMax());
  }

  /** Marks that the response of an attested request was handed out. */
  void delivered(RequestKey key) {
    reservations.served(database.dsl(), key);
  }

  /** Gives a request back that was never reported. */
  void release(RequestKey key, UsdcAmount price, String why) {
    end(key, price, State.RESERVED, State.RELEASED, why);
  }

  /** Gives a request back that certainly never reached the oracle. */
  void unsent(RequestKey key, UsdcAmount price, String why) {
    end(key, price, State.REPORTED, State.RELEASED, why);
  }

  /** Gives a request back that the oracle refused. */
  void refused(RequestKey key, UsdcAmount price, String code) {
    end(key, price, State.REPORTED, State.REFUSED, code);
  }

  private void end(RequestKey key, UsdcAmount price, State from, State to, String why) {
    database.run(tx -> {
      PairStanding pair = lock(tx, key).standing();
      if (reservations.ended(tx, key, from, to, why)) {
        account(tx, key, pair.charged(), pair.reserved().minus(price));
        responses.drop(tx, key);
        Identifiers.release(tx, key.crawler(), key.requestId());
      }
    });
    bell.ring();
  }

  /** Learns from the oracle what others have charged to the pair. */
  void refresh(RequestKey key) {
    UsdcAmount charged;
    try {
      charged = oracle.charged(key.crawler(), key.licenseId());
    } catch (StatusRuntimeException e) {
      System.getLogger(CreditDesk.class.getName())
          .log(System.Logger.Level.DEBUG, "the pair could not be refreshed", e);
      return;
    }
    database.run(tx -> {
      PairStanding pair = lock(tx, key).standing();
      if (charged.compareTo(pair.charged().plus(pair.reserved())) > 0) {
        account(tx, key, charged.minus(pair.reserved()), pair.reserved());
      }
    });
  }

  /** Where the pair stands. */
  PairStanding standing(RequestKey key) {
    return pairs
        .standing(database.dsl(), key.crawler(), key.licenseId())
        .orElseGet(() -> new PairStanding(UsdcAmount.ZERO, UsdcAmount.ZERO, UsdcAmount.ZERO));
  }

  private Locked lock(DSLContext tx, RequestKey key) {
    return pairs
        .lock(tx, key.crawler(), key.licenseId())
        .orElseThrow(() ->
            new IllegalStateException(
                "pair of " + key.crawler() + " and licence " + key.licenseId() + " has no row"));
  }

  private void account(DSLContext tx, RequestKey key, UsdcAmount charged, UsdcAmount reserved) {
    pairs.account(tx, key.crawler(), key.licenseId(), charged, reserved);
  }
}
