package network.tachi.indexer;

import static network.tachi.indexer.ColumnValues.saturated;
import static network.tachi.store.jooq.chain.Tables.FEES_COLLECTED;
import static network.tachi.store.jooq.chain.Tables.FEE_SCHEDULED;
import static network.tachi.store.jooq.chain.Tables.PAYMENT_HELD;
import static network.tachi.store.jooq.chain.Tables.PAYMENT_MADE;
import static network.tachi.store.jooq.chain.Tables.PAYMENT_REFUNDED;
import static network.tachi.store.jooq.chain.Tables.PAYMENT_RELEASED;
import static network.tachi.store.jooq.chain.Tables.SWEPT;
import static network.tachi.store.jooq.chain.Tables.VAULT_DEPLOYED;
import static network.tachi.store.jooq.chain.Tables.WITHDRAWN;

import network.tachi.contracts.event.PaymentEvent;
import org.jooq.TableRecord;

/** The rows of the events of PaymentProcessor. */
final class PaymentRows {
  private PaymentRows() {}

  /** The row of an event, without its place. */
  static TableRecord<?> of(PaymentEvent event) {
    return switch (event) {
      case PaymentEvent.PaymentMade e ->
          PAYMENT_MADE
              .newRecord()
              .with(PAYMENT_MADE.PAYMENT_ID, e.paymentId())
              .with(PAYMENT_MADE.LICENSE_ID, e.licenseId().value())
              .with(PAYMENT_MADE.PAYER, e.payer())
              .with(PAYMENT_MADE.AMOUNT, e.amount())
              .with(PAYMENT_MADE.NONCE, e.nonce())
              .with(PAYMENT_MADE.METHOD, (short) e.method())
              .with(PAYMENT_MADE.PAID_AT, saturated(e.paidAt()));
      case PaymentEvent.PaymentHeld e ->
          PAYMENT_HELD.newRecord().with(PAYMENT_HELD.PAYMENT_ID, e.paymentId());
      case PaymentEvent.PaymentReleased e ->
          PAYMENT_RELEASED.newRecord().with(PAYMENT_RELEASED.PAYMENT_ID, e.paymentId());
      case PaymentEvent.PaymentRefunded e ->
          PAYMENT_REFUNDED
              .newRecord()
              .with(PAYMENT_REFUNDED.PAYMENT_ID, e.paymentId())
              .with(PAYMENT_REFUNDED.PAYER, e.payer())
              .with(PAYMENT_REFUNDED.AMOUNT, e.amount());
      case PaymentEvent.Withdrawn e ->
          WITHDRAWN
              .newRecord()
              .with(WITHDRAWN.LICENSE_ID, e.licenseId().value())
              .with(WITHDRAWN.PAYOUT, e.payout())
              .with(WITHDRAWN.AMOUNT, e.amount())
              .with(WITHDRAWN.FEE, e.fee());
      case PaymentEvent.Swept e ->
          SWEPT
              .newRecord()
              .with(SWEPT.LICENSE_ID, e.licenseId().value())
              .with(SWEPT.PAYOUT, e.payout())
              .with(SWEPT.AMOUNT, e.amount())
              .with(SWEPT.FEE, e.fee());
      case PaymentEvent.VaultDeployed e ->
          VAULT_DEPLOYED
              .newRecord()
              .with(VAULT_DEPLOYED.LICENSE_ID, e.licenseId().value())
              .with(VAULT_DEPLOYED.VAULT, e.vault());
      case PaymentEvent.FeeScheduled e ->
          FEE_SCHEDULED
              .newRecord()
              .with(FEE_SCHEDULED.FEE_BPS, e.feeBps())
              .with(FEE_SCHEDULED.EFFECTIVE_AT, saturated(e.effectiveAt()));
      case PaymentEvent.FeesCollected e ->
          FEES_COLLECTED
              .newRecord()
              .with(FEES_COLLECTED.TO_ADDRESS, e.to())
              .with(FEES_COLLECTED.AMOUNT, e.amount());
    };
  }
}
