package network.tachi.indexer;

import static network.tachi.indexer.ColumnValues.saturated;
import static network.tachi.store.jooq.chain.Tables.CLAIM_PAID;
import static network.tachi.store.jooq.chain.Tables.CREDIT_WITHDRAWN;
import static network.tachi.store.jooq.chain.Tables.DEPOSITED;
import static network.tachi.store.jooq.chain.Tables.SIGNER_REGISTERED;
import static network.tachi.store.jooq.chain.Tables.SIGNER_REVOKED;
import static network.tachi.store.jooq.chain.Tables.THAW_CANCELLED;
import static network.tachi.store.jooq.chain.Tables.THAW_STARTED;

import network.tachi.contracts.event.EscrowEvent;
import org.jooq.TableRecord;

/** The rows of the events of CreditEscrow. */
final class EscrowRows {
  private EscrowRows() {}

  /** The row of an event, without its place. */
  static TableRecord<?> of(EscrowEvent event) {
    return switch (event) {
      case EscrowEvent.Deposited e ->
          DEPOSITED
              .newRecord()
              .with(DEPOSITED.CRAWLER, e.crawler())
              .with(DEPOSITED.FROM_ADDRESS, e.from())
              .with(DEPOSITED.AMOUNT, e.amount());
      case EscrowEvent.ThawStarted e ->
          THAW_STARTED
              .newRecord()
              .with(THAW_STARTED.CRAWLER, e.crawler())
              .with(THAW_STARTED.AMOUNT, e.amount())
              .with(THAW_STARTED.THAW_ENDS_AT, saturated(e.thawEndsAt()));
      case EscrowEvent.ThawCancelled e ->
          THAW_CANCELLED.newRecord().with(THAW_CANCELLED.CRAWLER, e.crawler());
      case EscrowEvent.CreditWithdrawn e ->
          CREDIT_WITHDRAWN
              .newRecord()
              .with(CREDIT_WITHDRAWN.CRAWLER, e.crawler())
              .with(CREDIT_WITHDRAWN.TO_ADDRESS, e.to())
              .with(CREDIT_WITHDRAWN.AMOUNT, e.amount())
              .with(CREDIT_WITHDRAWN.TOTAL_WITHDRAWN, e.totalWithdrawn());
      case EscrowEvent.SignerRegistered e ->
          SIGNER_REGISTERED
              .newRecord()
              .with(SIGNER_REGISTERED.CRAWLER, e.crawler())
              .with(SIGNER_REGISTERED.SIGNER, e.signer())
              .with(SIGNER_REGISTERED.VALID_FROM, saturated(e.validFrom()))
              .with(SIGNER_REGISTERED.EXPIRY, saturated(e.expiry()));
      case EscrowEvent.SignerRevoked e ->
          SIGNER_REVOKED
              .newRecord()
              .with(SIGNER_REVOKED.CRAWLER, e.crawler())
              .with(SIGNER_REVOKED.SIGNER, e.signer())
              .with(SIGNER_REVOKED.REVOKED_AT, saturated(e.revokedAt()));
      case EscrowEvent.ClaimPaid e ->
          CLAIM_PAID
              .newRecord()
              .with(CLAIM_PAID.LICENSE_ID, e.licenseId().value())
              .with(CLAIM_PAID.PAYOUT, e.payout())
              .with(CLAIM_PAID.AMOUNT, e.amount());
    };
  }
}
