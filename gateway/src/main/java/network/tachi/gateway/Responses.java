package network.tachi.gateway;

import static java.util.Objects.requireNonNull;
import static network.tachi.store.jooq.gateway.Tables.AUTHORIZATION;
import static network.tachi.store.jooq.gateway.Tables.PAYMENT_IDENTIFIER;
import static network.tachi.store.jooq.gateway.Tables.RESERVATION;
import static network.tachi.store.jooq.gateway.Tables.RESPONSE;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import network.tachi.gateway.HttpFields.Field;
import network.tachi.store.Database;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.Record1;
import org.jooq.Select;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Paid answers, kept for a client that lost its own. */
final class Responses {
  /** What is paid sooner after it was stored is not worth another write. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  private final Database database;
  private final Duration window;
  private final InstantSource clock;

  /**
   * Creates the store.
   *
   * @param window how long an answer is kept
   */
  Responses(Database database, Duration window, InstantSource clock) {
    this.database = requireNonNull(database, "database is null");
    this.window = requireNonNull(window, "window is null");
    this.clock = requireNonNull(clock, "clock is null");
  }

  /** When what is stored now is forgotten. */
  Instant expiry() {
    return clock.instant().plus(window);
  }

  /** Stores an answer in the caller's transaction and returns its id. */
  long store(DSLContext tx, Reply reply) {
    ArrayNode fields = JsonFields.MAPPER.createArrayNode();
    for (Field field : reply.fields().list()) {
      fields.addArray().add(field.name()).add(field.value());
    }
    return requireNonNull(
        tx.insertInto(RESPONSE)
            .set(RESPONSE.STATUS, (short) reply.status())
            .set(RESPONSE.HEADERS, JSONB.valueOf(fields.toString()))
            .set(RESPONSE.BODY, reply.body())
            .set(RESPONSE.CREATED_AT, clock.instant())
            .set(RESPONSE.EXPIRES_AT, expiry())
            .returningResult(RESPONSE.ID)
            .fetchSingle(RESPONSE.ID),
        "no id");
  }

  /** Takes back what {@link #store} stored in the same transaction. */
  void drop(DSLContext tx, long id) {
    tx.deleteFrom(RESPONSE).where(RESPONSE.ID.eq(id)).execute();
  }

  /** Forgets the answer of a voucher's request that will not be paid. */
  void drop(DSLContext tx, RequestKey key) {
    tx.deleteFrom(RESPONSE).where(RESPONSE.ID.eq(idOf(key))).execute();
  }

  /**
   * Keeps the answer of a voucher's request, which was charged just now, for the window from now.
   */
  void keep(DSLContext tx, RequestKey key) {
    keep(tx, idOf(key));
  }

  private static Select<Record1<Long>> idOf(RequestKey key) {
    return select(RESERVATION.RESPONSE_ID)
        .from(RESERVATION)
        .where(
            RESERVATION.LICENSE_ID.eq(key.licenseId().value()),
            RESERVATION.CRAWLER.eq(key.crawler()),
            RESERVATION.REQUEST_ID.eq(key.requestId()));
  }

  /** Keeps the answer to an authorisation, which was settled just now, for the window from now. */
  void keep(DSLContext tx, PaymentKey key) {
    keep(
        tx,
        select(AUTHORIZATION.RESPONSE_ID)
            .from(AUTHORIZATION)
            .where(
                AUTHORIZATION.CHAIN_ID.eq(key.chain().value()),
                AUTHORIZATION.FROM_ADDRESS.eq(key.from()),
                AUTHORIZATION.NONCE.eq(key.nonce())));
  }

  private void keep(DSLContext tx, Select<Record1<Long>> id) {
    Instant expiry = expiry();
    tx.update(RESPONSE)
        .set(RESPONSE.EXPIRES_AT, expiry)
        .where(RESPONSE.ID.eq(id), RESPONSE.EXPIRES_AT.lt(expiry.minus(GRACE)))
        .execute();
  }

  /** A stored answer; empty if its time is over. */
  Optional<Reply> find(@Nullable Long id) {
    if (id == null) {
      return Optional.empty();
    }
    return database
        .dsl()
        .select(RESPONSE.STATUS, RESPONSE.HEADERS, RESPONSE.BODY)
        .from(RESPONSE)
        .where(RESPONSE.ID.eq(id), RESPONSE.EXPIRES_AT.gt(clock.instant()))
        .fetchOptional(row -> new Reply(row.value1(), fields(row.value2()), row.value3()));
  }

  /**
   * Forgets what is past its time. An answer whose payment is under way is kept however long that
   * takes, and an identifier as long as its request is under way or has its answer. Requests on
   * credit that came to nothing are forgotten with the rest.
   */
  void purge() {
    Instant now = clock.instant();
    database
        .dsl()
        .deleteFrom(RESPONSE)
        .where(
            RESPONSE.EXPIRES_AT.le(now),
            notExists(
                selectOne()
                    .from(RESERVATION)
                    .where(
                        RESERVATION.RESPONSE_ID.eq(RESPONSE.ID),
                        RESERVATION.STATE.eq(ReservationRow.State.REPORTED.text()))),
            notExists(
                selectOne()
                    .from(AUTHORIZATION)
                    .where(
                        AUTHORIZATION.RESPONSE_ID.eq(RESPONSE.ID),
                        AUTHORIZATION.STATE.eq(AuthorizationRow.State.SETTLING.text()))))
        .execute();
    database
        .dsl()
        .deleteFrom(PAYMENT_IDENTIFIER)
        .where(
            PAYMENT_IDENTIFIER.EXPIRES_AT.le(now),
            notExists(
                selectOne()
                    .from(RESERVATION)
                    .where(
                        RESERVATION.LICENSE_ID.eq(PAYMENT_IDENTIFIER.LICENSE_ID),
                        RESERVATION.CRAWLER.eq(PAYMENT_IDENTIFIER.PAYER),
                        RESERVATION.REQUEST_ID.eq(PAYMENT_IDENTIFIER.REQUEST_ID),
                        RESERVATION
                            .STATE
                            .eq(ReservationRow.State.RESERVED.text())
                            .or(RESERVATION.RESPONSE_ID.isNotNull()))),
            notExists(
                selectOne()
                    .from(AUTHORIZATION)
                    .where(
                        AUTHORIZATION.REQUEST_ID.eq(PAYMENT_IDENTIFIER.REQUEST_ID),
                        AUTHORIZATION
                            .STATE
                            .eq(AuthorizationRow.State.RESERVED.text())
                            .or(AUTHORIZATION.RESPONSE_ID.isNotNull()))))
        .execute();
    database
        .dsl()
        .deleteFrom(RESERVATION)
        .where(
            RESERVATION.STATE.in(
                inline(ReservationRow.State.RELEASED.text()),
                inline(ReservationRow.State.REFUSED.text())),
            RESERVATION.UPDATED_AT.le(now.minus(window)))
        .execute();
  }

  private static HttpFields fields(JSONB json) {
    List<Field> fields = new ArrayList<>();
    for (JsonNode pair : JsonFields.MAPPER.readTree(json.data())) {
      fields.add(new Field(pair.get(0).asString(), pair.get(1).asString()));
    }
    return new HttpFields(fields);
  }
}
