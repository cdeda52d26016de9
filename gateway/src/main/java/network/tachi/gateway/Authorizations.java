package network.tachi.gateway;

import static java.util.Objects.requireNonNull;
import static network.tachi.store.jooq.gateway.Tables.AUTHORIZATION;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.sum;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import network.tachi.evm.ChainId;
import network.tachi.evm.Eip3009.Authorization;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import network.tachi.gateway.AuthorizationRow.State;
import network.tachi.store.Database;
import network.tachi.store.jooq.gateway.tables.records.AuthorizationRecord;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code gateway.authorization}: one for each (chain, from, nonce), whoever comes with
 * it how often.
 */
final class Authorizations {
  private final Database database;
  private final InstantSource clock;
  private final String owner;
  private final Duration lease;

  /**
   * Creates the access.
   *
   * @param owner this gateway's name
   * @param lease how long a row may stay reserved
   */
  Authorizations(Database database, InstantSource clock, String owner, Duration lease) {
    this.database = requireNonNull(database, "database is null");
    this.clock = requireNonNull(clock, "clock is null");
    this.owner = requireNonNull(owner, "owner is null");
    this.lease = requireNonNull(lease, "lease is null");
  }

  Optional<AuthorizationRow> find(PaymentKey key) {
    return database
        .dsl()
        .selectFrom(AUTHORIZATION)
        .where(is(key))
        .fetchOptional(Authorizations::row);
  }

  /** Those whose settlement is under way. */
  List<AuthorizationRow> settling(ChainId chain) {
    return database
        .dsl()
        .selectFrom(AUTHORIZATION)
        .where(
            AUTHORIZATION.CHAIN_ID.eq(chain.value()), AUTHORIZATION.STATE.eq(State.SETTLING.text()))
        .orderBy(AUTHORIZATION.UPDATED_AT)
        .limit(500)
        .fetch(Authorizations::row);
  }

  /** What a request wants to reserve. */
  record Wanted(
      PaymentKey key,
      LicenseId licenseId,
      Authorization authorization,
      network.tachi.evm.Bytes signature,
      Hash fingerprint,
      Hash requestId,
      Hash contentId,
      Hash paymentId) {}

  /** Payments that may still be settled, and their sum. */
  record UnderWay(int count, UsdcAmount value) {}

  /** What else the payer of an authorisation has under way. */
  UnderWay underWay(DSLContext tx, PaymentKey key) {
    return tx.select(
            count(),
            coalesce(sum(AUTHORIZATION.VALUE.coerce(BigDecimal.class)), inline(BigDecimal.ZERO)))
        .from(AUTHORIZATION)
        .where(
            AUTHORIZATION.CHAIN_ID.eq(key.chain().value()),
            AUTHORIZATION.FROM_ADDRESS.eq(key.from()),
            AUTHORIZATION.NONCE.ne(key.nonce()),
            AUTHORIZATION.STATE.in(inline(State.RESERVED.text()), inline(State.SETTLING.text())),
            AUTHORIZATION
                .STATE
                .eq(State.SETTLING.text())
                .or(AUTHORIZATION.LEASE_UNTIL.ge(clock.instant())))
        .fetchSingle(
            row -> new UnderWay(row.value1(), UsdcAmount.of(row.value2().toBigIntegerExact())));
  }

  /**
   * Reserves an authorisation that is new or free; exactly one of many that try at once succeeds.
   */
  boolean reserve(DSLContext tx, Wanted wanted) {
    Instant now = clock.instant();
    AuthorizationRecord row = record(wanted, now);
    int reserved =
        tx.insertInto(AUTHORIZATION)
            .set(row)
            .onConflict(AUTHORIZATION.CHAIN_ID, AUTHORIZATION.FROM_ADDRESS, AUTHORIZATION.NONCE)
            .doUpdate()
            .set(row)
            .where(
                AUTHORIZATION
                    .STATE
                    .eq(State.FAILED.text())
                    .or(
                        AUTHORIZATION
                            .STATE
                            .eq(State.RESERVED.text())
                            .and(AUTHORIZATION.LEASE_UNTIL.lt(now))))
            .execute();
    return reserved == 1;
  }

  private AuthorizationRecord record(Wanted wanted, Instant now) {
    Authorization authorization = wanted.authorization();
    AuthorizationRecord row = new AuthorizationRecord();
    row.setChainId(wanted.key().chain().value());
    row.setFromAddress(wanted.key().from());
    row.setNonce(wanted.key().nonce());
    row.setLicenseId(wanted.licenseId().value());
    row.setValue(authorization.value());
    row.setValidAfter(authorization.validAfter());
    row.setValidBefore(authorization.validBefore());
    row.setSignature(wanted.signature());
    row.setRequestFingerprint(wanted.fingerprint());
    row.setRequestId(wanted.requestId());
    row.setContentId(wanted.contentId());
    row.setPaymentId(wanted.paymentId());
    row.setState(State.RESERVED.text());
    row.setExternal(false);
    row.setTxHash(null);
    row.setFailure(null);
    row.setResponseId(null);
    row.setOwner(owner);
    row.setLeaseUntil(now.plus(lease));
    row.setCreatedAt(now);
    row.setUpdatedAt(now);
    return row;
  }

  /** Gives a reservation back. */
  void release(PaymentKey key, Hash requestId) {
    database.run(tx -> {
      tx.deleteFrom(AUTHORIZATION)
          .where(is(key), isReservation(requestId, State.RESERVED))
          .execute();
      Identifiers.release(tx, key.from(), requestId);
    });
  }

  /** Marks that the settlement is in the outbox; false if the reservation was lost meanwhile. */
  boolean settling(DSLContext tx, PaymentKey key, Hash requestId, @Nullable Long responseId) {
    return tx.update(AUTHORIZATION)
            .set(AUTHORIZATION.STATE, State.SETTLING.text())
            .set(AUTHORIZATION.RESPONSE_ID, responseId)
            .set(AUTHORIZATION.UPDATED_AT, clock.instant())
            .where(is(key), isReservation(requestId, State.RESERVED))
            .execute()
        == 1;
  }

  /** Marks that it is paid; false if somebody else did. */
  boolean settled(DSLContext tx, AuthorizationRow row, Hash transaction, boolean external) {
    return tx.update(AUTHORIZATION)
            .set(AUTHORIZATION.STATE, State.SETTLED.text())
            .set(AUTHORIZATION.TX_HASH, transaction)
            .set(AUTHORIZATION.EXTERNAL, external)
            .set(AUTHORIZATION.UPDATED_AT, clock.instant())
            .where(is(row.key()), isReservation(row.requestId(), State.SETTLING))
            .execute()
        == 1;
  }

  /** Marks that it can't be settled. */
  void failed(DSLContext tx, AuthorizationRow row, String failure) {
    tx.update(AUTHORIZATION)
        .set(AUTHORIZATION.STATE, State.FAILED.text())
        .set(AUTHORIZATION.FAILURE, failure)
        .set(AUTHORIZATION.RESPONSE_ID, (Long) null)
        .set(AUTHORIZATION.UPDATED_AT, clock.instant())
        .where(is(row.key()), isReservation(row.requestId(), State.SETTLING))
        .execute();
    Identifiers.release(tx, row.key().from(), row.requestId());
  }

  /** Marks that the response was handed out. */
  void served(AuthorizationRow row) {
    database
        .dsl()
        .update(AUTHORIZATION)
        .set(AUTHORIZATION.STATE, State.SERVED.text())
        .set(AUTHORIZATION.UPDATED_AT, clock.instant())
        .where(is(row.key()), isReservation(row.requestId(), State.SETTLED))
        .execute();
  }

  /** Releases what an earlier life of this gateway, or a gateway that is gone, left reserved. */
  int releaseLeft(boolean own) {
    Condition left =
        own
            ? AUTHORIZATION.OWNER.eq(owner)
            : AUTHORIZATION.LEASE_UNTIL.lt(clock.instant().minus(lease));
    return database.transaction(tx -> {
      var released =
          tx.deleteFrom(AUTHORIZATION)
              .where(AUTHORIZATION.STATE.eq(State.RESERVED.text()), left)
              .returningResult(AUTHORIZATION.FROM_ADDRESS, AUTHORIZATION.REQUEST_ID)
              .fetch();
      released.forEach(row -> Identifiers.release(tx, row.value1(), row.value2()));
      return released.size();
    });
  }

  private static Condition is(PaymentKey key) {
    return AUTHORIZATION
        .CHAIN_ID
        .eq(key.chain().value())
        .and(AUTHORIZATION.FROM_ADDRESS.eq(key.from()))
        .and(AUTHORIZATION.NONCE.eq(key.nonce()));
  }

  private static Condition isReservation(Hash requestId, State state) {
    return AUTHORIZATION.REQUEST_ID.eq(requestId).and(AUTHORIZATION.STATE.eq(state.text()));
  }

  private static AuthorizationRow row(AuthorizationRecord row) {
    return new AuthorizationRow(
        new PaymentKey(ChainId.of(row.getChainId()), row.getFromAddress(), row.getNonce()),
        LicenseId.of(row.getLicenseId()),
        row.getValue(),
        row.getRequestFingerprint(),
        row.getRequestId(),
        row.getContentId(),
        row.getPaymentId(),
        State.of(row.getState()),
        row.getExternal(),
        row.getTxHash(),
        row.getFailure(),
        row.getResponseId(),
        row.getLeaseUntil());
  }
}
