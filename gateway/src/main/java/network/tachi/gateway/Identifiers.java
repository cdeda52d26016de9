package network.tachi.gateway;

import static java.util.Objects.requireNonNull;
import static network.tachi.store.jooq.gateway.Tables.PAYMENT_IDENTIFIER;

import java.util.Optional;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.server.ApiException;
import network.tachi.store.Database;
import org.jooq.DSLContext;

/**
 * The x402 extension {@code payment-identifier}: one identifier of a payer, one request, one
 * response.
 */
final class Identifiers {
  private final Database database;
  private final Responses responses;

  Identifiers(Database database, Responses responses) {
    this.database = requireNonNull(database, "database is null");
    this.responses = requireNonNull(responses, "responses is null");
  }

  /** Equal for the same payment for the same request. */
  static Hash fingerprint(ClientRequest request, Credential payment) {
    return Keccak.hash(request.fingerprint().toBytes(), payment.payloadHash().toBytes());
  }

  /**
   * Checks that the payment's identifier, if it has one, was not used for anything else.
   *
   * @throws ApiException 409 if it was
   */
  void requireUnused(Credential payment, Hash fingerprint) {
    Optional<Hash> same = find(payment, fingerprint);
    if (same.isPresent()) {
      System.getLogger(Identifiers.class.getName())
          .log(System.Logger.Level.DEBUG, "an identifier came again for request {0}", same.get());
    }
  }

  /**
   * The request that the payment's identifier stands for, if it was used before.
   *
   * @throws ApiException 409 if it was used for something else
   */
  Optional<Hash> find(Credential payment, Hash fingerprint) {
    return find(database.dsl(), payment, fingerprint);
  }

  /** As {@link #find(Credential, Hash)}, in the caller's transaction. */
  static Optional<Hash> find(DSLContext dsl, Credential payment, Hash fingerprint) {
    return payment.identifier().flatMap(id -> find(dsl, payment.payer(), id, fingerprint));
  }

  /**
   * Takes the payment's identifier, if it has one, in the caller's transaction.
   *
   * @return the request that has it already; empty if it was free
   * @throws ApiException 409 if it was used for something else
   */
  Optional<Hash> claim(
      DSLContext tx, Credential payment, Hash fingerprint, LicenseId licenseId, Hash requestId) {
    return payment
        .identifier()
        .flatMap(id -> claim(tx, payment.payer(), id, fingerprint, licenseId, requestId));
  }

  private Optional<Hash> claim(
      DSLContext tx,
      Address payer,
      String id,
      Hash fingerprint,
      LicenseId licenseId,
      Hash requestId) {
    int taken =
        tx.insertInto(PAYMENT_IDENTIFIER)
            .set(PAYMENT_IDENTIFIER.PAYER, payer)
            .set(PAYMENT_IDENTIFIER.IDENTIFIER, id)
            .set(PAYMENT_IDENTIFIER.FINGERPRINT, fingerprint)
            .set(PAYMENT_IDENTIFIER.LICENSE_ID, licenseId.value())
            .set(PAYMENT_IDENTIFIER.REQUEST_ID, requestId)
            .set(PAYMENT_IDENTIFIER.EXPIRES_AT, responses.expiry())
            .onConflictDoNothing()
            .execute();
    return taken == 1 ? Optional.empty() : find(tx, payer, id, fingerprint);
  }

  private static Optional<Hash> find(DSLContext dsl, Address payer, String id, Hash fingerprint) {
    return dsl.select(PAYMENT_IDENTIFIER.REQUEST_ID, PAYMENT_IDENTIFIER.FINGERPRINT)
        .from(PAYMENT_IDENTIFIER)
        .where(PAYMENT_IDENTIFIER.PAYER.eq(payer), PAYMENT_IDENTIFIER.IDENTIFIER.eq(id))
        .fetchOptional(row -> {
          if (!row.value2().equals(fingerprint)) {
            throw ApiException.of(
                GatewayErrors.IDENTIFIER_REUSED,
                "this payment-identifier came with another payment or request");
          }
          return row.value1();
        });
  }

  /** Gives the identifier of a request back, as the request came to nothing. */
  static void release(DSLContext tx, Address payer, Hash requestId) {
    tx.deleteFrom(PAYMENT_IDENTIFIER)
        .where(PAYMENT_IDENTIFIER.PAYER.eq(payer), PAYMENT_IDENTIFIER.REQUEST_ID.eq(requestId))
        .execute();
  }
}
