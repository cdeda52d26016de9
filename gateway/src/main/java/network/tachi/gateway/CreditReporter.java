package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import network.tachi.gateway.ReservationRow.State;
import network.tachi.proto.v1.SignedAttestation;
import network.tachi.store.Database;

/**
 * Reports stored CREDIT requests and enters the answer; for the request that waits, and for what a
 * crash left over.
 */
final class CreditReporter {
  private static final Logger LOG = System.getLogger(CreditReporter.class.getName());
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final Database database;
  private final CreditDesk desk;
  private final Reservations reservations;
  private final OracleClient oracle;
  private final AttestationCheck check;
  private final GatewayMetrics metrics;
  private final Duration lease;

  /**
   * Creates the reporter.
   *
   * @param lease how long a report may take
   */
  CreditReporter(
      Parts parts,
      CreditDesk desk,
      Reservations reservations,
      OracleClient oracle,
      AttestationCheck check,
      Duration lease) {
    this.database = parts.database();
    this.metrics = parts.metrics();
    this.desk = requireNonNull(desk, "desk is null");
    this.reservations = requireNonNull(reservations, "reservations is null");
    this.oracle = requireNonNull(oracle, "oracle is null");
    this.check = requireNonNull(check, "check is null");
    this.lease = requireNonNull(lease, "lease is null");
  }

  /** What came of a report. */
  sealed interface Result {
    /** Charged; the response may be delivered. */
    record Charged(SignedAttestation signed, PairStanding standing) implements Result {}

    /** Not charged, for this reason. */
    record Refused(Refusal refusal) implements Result {}

    /** Not charged; the oracle can't be reached, or gives no credit now. */
    record Down(String why) implements Result {}

    /** Nobody knows yet; it will be reported again. */
    record Open(String why) implements Result {}
  }

  /**
   * Reports a stored request.
   *
   * @param first whether it can't have been reported before
   * @param deliver whether the caller wants to deliver the response
   */
  Result report(Report report, boolean first, boolean deliver) {
    long started = System.nanoTime();
    OracleClient.Outcome outcome = oracle.report(report.entry());
    metrics.attested(Duration.ofNanos(System.nanoTime() - started));
    return switch (outcome) {
      case OracleClient.Outcome.Attested(SignedAttestation signed) ->
          attested(report, signed, deliver);
      case OracleClient.Outcome.Refused(String code, String message) ->
          refused(report, code, message);
      case OracleClient.Outcome.NotSent(String why) ->
          first ? unsent(report, why) : open(report, why);
      case OracleClient.Outcome.Unknown(String why) -> open(report, why);
    };
  }

  private Result attested(Report report, SignedAttestation signed, boolean deliver) {
    Optional<String> problem = check.problem(signed, report.entry());
    if (problem.isPresent()) {
      metrics.badAttestation();
      LOG.log(
          Level.ERROR,
          "the attestation of request {0} is no good: {1}",
          report.key().requestId(),
          problem.get());
      return open(report, "the oracle's attestation did not verify");
    }
    PairStanding standing = desk.charge(report.key(), report.price(), signed, deliver);
    metrics.paid(GatewayMetrics.CREDIT);
    return new Result.Charged(signed, standing);
  }

  private Result refused(Report report, String code, String message) {
    switch (code) {
      case Refusal.INDEX_STALE, Refusal.EPOCHS_STALLED -> {
        metrics.refused(code);
        return unsent(report, message);
      }
      case Refusal.KEY_RETIRED -> {
        metrics.refused(code);
        return open(report, message);
      }
      default -> desk.refused(report.key(), report.price(), code);
    }
    if (code.equals(Refusal.VOUCHER_CEILING)) {
      desk.refresh(report.key());
    }
    return new Result.Refused(new Refusal(code, message, desk.standing(report.key())));
  }

  private Result unsent(Report report, String why) {
    desk.unsent(report.key(), report.price(), why);
    return new Result.Down(why);
  }

  private Result open(Report report, String why) {
    reservations.letGo(database.dsl(), report.key());
    return new Result.Open(why);
  }

  /**
   * Reports again what may have been reported, and releases what never was; returns how much is
   * still open.
   */
  int recover() {
    for (ReservationRow row : reservations.left(database.dsl(), State.RESERVED, Duration.ZERO)) {
      desk.release(row.key(), row.price(), "left by a crash");
    }
    List<ReservationRow> left = reservations.left(database.dsl(), State.REPORTED, GRACE);
    int open = left.size();
    for (ReservationRow row : left) {
      if (!reservations.takeOver(database.dsl(), row.key(), lease)
          || !(report(row.report(), false, false) instanceof Result.Open)) {
        open--;
      } else if (!oracle.trouble().isEmpty()) {
        return open;
      }
    }
    return open;
  }
}
