package network.tachi.gateway;

import static java.util.Objects.requireNonNull;
import static network.tachi.store.jooq.gateway.Tables.RESERVATION;
import static network.tachi.store.jooq.gateway.Tables.RESPONSE;
import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.selectOne;

import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import network.tachi.gateway.ReservationRow.State;
import network.tachi.proto.v1.SignedAttestation;
import network.tachi.proto.v1.UsageEntry;
import network.tachi.store.jooq.gateway.tables.records.ReservationRecord;
import org.jooq.Condition;
import org.jooq.DSLContext;

/** The rows of {@code gateway.reservation}. */
final class Reservations {
  /** The words of the index {@code reservation_by_fingerprint}, so that it can be used. */
  private static final Condition INDEXED_BY_FINGERPRINT =
      RESERVATION.STATE.eq(inline(State.RESERVED.text())).or(RESERVATION.RESPONSE_ID.isNotNull());

  private final InstantSource clock;
  private final String owner;

  Reservations(InstantSource clock, String owner) {
    this.clock = requireNonNull(clock, "clock is null");
    this.owner = requireNonNull(owner, "owner is null");
  }

  /** Adds a reservation in the caller's transaction, which holds the pair's lock. */
  void add(
      DSLContext tx,
      RequestKey key,
      UsdcAmount price,
      Hash voucherHash,
      Hash contentId,
      Hash fingerprint,
      Duration lease) {
    Instant now = clock.instant();
    ReservationRecord row = new ReservationRecord();
    row.setLicenseId(key.licenseId().value());
    row.setCrawler(key.crawler());
    row.setRequestId(key.requestId());
    row.setPrice(price);
    row.setVoucherHash(voucherHash);
    row.setContentId(contentId);
    row.setRequestFingerprint(fingerprint);
    row.setState(State.RESERVED.text());
    row.setOwner(owner);
    row.setLeaseUntil(now.plus(lease));
    row.setCreatedAt(now);
    row.setUpdatedAt(now);
    tx.insertInto(RESERVATION).set(row).execute();
  }

  Optional<ReservationRow> find(DSLContext dsl, RequestKey key) {
    return dsl.selectFrom(RESERVATION).where(is(key)).fetchOptional(Reservations::row);
  }

  /**
   * The newest request with the same payment that is under way, or was charged and whose response
   * is still kept.
   */
  Optional<ReservationRow> same(
      DSLContext dsl, LicenseId licenseId, Address crawler, Hash fingerprint) {
    Condition underWay = RESERVATION.STATE.in(State.RESERVED.text(), State.REPORTED.text());
    Condition kept =
        exists(
            selectOne()
                .from(RESPONSE)
                .where(
                    RESPONSE.ID.eq(RESERVATION.RESPONSE_ID),
                    RESPONSE.EXPIRES_AT.gt(clock.instant())));
    return dsl.selectFrom(RESERVATION)
        .where(
            RESERVATION.CRAWLER.eq(crawler),
            RESERVATION.LICENSE_ID.eq(licenseId.value()),
            RESERVATION.REQUEST_FINGERPRINT.eq(fingerprint),
            INDEXED_BY_FINGERPRINT,
            underWay.or(RESERVATION.STATE.in(State.ATTESTED.text(), State.SERVED.text()).and(kept)))
        .orderBy(RESERVATION.CREATED_AT.desc())
        .limit(1)
        .fetchOptional(Reservations::row);
  }

  /** Stores what will be reported; false if the reservation was lost meanwhile. */
  boolean reported(
      DSLContext tx, RequestKey key, UsageEntry entry, long responseId, Duration lease) {
    return tx.update(RESERVATION)
            .set(RESERVATION.STATE, State.REPORTED.text())
            .set(RESERVATION.ENTRY, Bytes.wrap(entry.toByteArray()))
            .set(RESERVATION.RESPONSE_ID, responseId)
            .set(RESERVATION.LEASE_UNTIL, clock.instant().plus(lease))
            .set(RESERVATION.UPDATED_AT, clock.instant())
            .where(is(key), RESERVATION.STATE.eq(State.RESERVED.text()))
            .execute()
        == 1;
  }

  /** Takes over a reported row that nobody works on. */
  boolean takeOver(DSLContext dsl, RequestKey key, Duration lease) {
    return dsl.update(RESERVATION)
            .set(RESERVATION.LEASE_UNTIL, clock.instant().plus(lease))
            .where(
                is(key),
                RESERVATION.STATE.eq(State.REPORTED.text()),
                RESERVATION.LEASE_UNTIL.lt(clock.instant()))
            .execute()
        == 1;
  }

  /** Lets others, and the background after a while, work on a reported row. */
  void letGo(DSLContext dsl, RequestKey key) {
    dsl.update(RESERVATION)
        .set(RESERVATION.LEASE_UNTIL, clock.instant())
        .where(is(key), RESERVATION.STATE.eq(State.REPORTED.text()))
        .execute();
  }

  /** Stores the attestation; false if it was there already. */
  boolean attested(DSLContext tx, RequestKey key, SignedAttestation signed) {
    return tx.update(RESERVATION)
            .set(RESERVATION.STATE, State.ATTESTED.text())
            .set(RESERVATION.ATTESTATION, Bytes.wrap(signed.toByteArray()))
            .set(RESERVATION.UPDATED_AT, clock.instant())
            .where(is(key), RESERVATION.STATE.eq(State.REPORTED.text()))
            .execute()
        == 1;
  }

  /** Marks that the response of an attested row was handed out. */
  void served(DSLContext tx, RequestKey key) {
    tx.update(RESERVATION)
        .set(RESERVATION.STATE, State.SERVED.text())
        .set(RESERVATION.UPDATED_AT, clock.instant())
        .where(is(key), RESERVATION.STATE.eq(State.ATTESTED.text()))
        .execute();
  }

  /** Ends a row that came to nothing; false if it was not in that state any more. */
  boolean ended(DSLContext tx, RequestKey key, State from, State to, String failure) {
    return tx.update(RESERVATION)
            .set(RESERVATION.STATE, to.text())
            .set(RESERVATION.FAILURE, failure)
            .set(RESERVATION.UPDATED_AT, clock.instant())
            .where(is(key), RESERVATION.STATE.eq(from.text()))
            .execute()
        == 1;
  }

  /** Lets go of all that an earlier life of this gateway worked on. */
  void abandonOwn(DSLContext dsl) {
    dsl.update(RESERVATION)
        .set(RESERVATION.LEASE_UNTIL, clock.instant())
        .where(
            RESERVATION.OWNER.eq(owner),
            RESERVATION.STATE.in(State.RESERVED.text(), State.REPORTED.text()),
            RESERVATION.LEASE_UNTIL.gt(clock.instant()))
        .execute();
  }

  /** Rows in a state that nobody has worked on for a while. */
  List<ReservationRow> left(DSLContext dsl, State state, Duration since) {
    return dsl.selectFrom(RESERVATION)
        .where(
            RESERVATION.STATE.eq(state.text()),
            RESERVATION.LEASE_UNTIL.le(clock.instant().minus(since)))
        .orderBy(RESERVATION.LEASE_UNTIL)
        .limit(200)
        .fetch(Reservations::row);
  }

  private static Condition is(RequestKey key) {
    return RESERVATION
        .LICENSE_ID
        .eq(key.licenseId().value())
        .and(RESERVATION.CRAWLER.eq(key.crawler()))
        .and(RESERVATION.REQUEST_ID.eq(key.requestId()));
  }

  private static ReservationRow row(ReservationRecord row) {
    try {
      return new ReservationRow(
          LicenseId.of(row.getLicenseId()),
          row.getCrawler(),
          row.getRequestId(),
          row.getPrice(),
          row.getRequestFingerprint(),
          State.of(row.getState()),
          row.getEntry() == null ? null : UsageEntry.parseFrom(row.getEntry().toArray()),
          row.getAttestation() == null
              ? null
              : SignedAttestation.parseFrom(row.getAttestation().toArray()),
          row.getResponseId(),
          row.getLeaseUntil());
    } catch (InvalidProtocolBufferException e) {
      throw new CorruptRowException("gateway.reservation", e);
    }
  }
}
