package network.tachi.indexer;

import static network.tachi.indexer.ColumnValues.saturated;
import static network.tachi.store.jooq.projection.Tables.FEES_COLLECTED;
import static network.tachi.store.jooq.projection.Tables.FEE_SCHEDULED;
import static network.tachi.store.jooq.projection.Tables.PAYMENT_HELD;
import static network.tachi.store.jooq.projection.Tables.PAYMENT_MADE;
import static network.tachi.store.jooq.projection.Tables.PAYMENT_REFUNDED;
import static network.tachi.store.jooq.projection.Tables.PAYMENT_RELEASED;
import static network.tachi.store.jooq.projection.Tables.SWEPT;
import static network.tachi.store.jooq.projection.Tables.VAULT_DEPLOYED;
import static network.tachi.store.jooq.projection.Tables.WITHDRAWN;

import network.tachi.contracts.event.PaymentEvent;

/** The rows of the events of PaymentProcessor. */
final class PaymentRows {
  private PaymentRows() {}

  /** Writes the row of an event. */
  static void write(PaymentEvent event, RowSink out) {
    switch (event) {
      case PaymentEvent.PaymentMade e ->
          out.row(PAYMENT_MADE)
              .with(PAYMENT_MADE.PAYMENT_ID, e.paymentId())
              .with(PAYMENT_MADE.LICENSE_ID, e.licenseId().value())
              .with(PAYMENT_MADE.PAYER, e.payer())
              .with(PAYMENT_MADE.AMOUNT, e.amount())
              .with(PAYMENT_MADE.NONCE, e.nonce())
              .with(PAYMENT_MADE.METHOD, (short) e.method())
              .with(PAYMENT_MADE.PAID_AT, saturated(e.paidAt()));
      case PaymentEvent.PaymentHeld e ->
          out.row(PAYMENT_HELD).with(PAYMENT_HELD.PAYMENT_ID, e.paymentId());
      case PaymentEvent.PaymentReleased e ->
          out.row(PAYMENT_RELEASED).with(PAYMENT_RELEASED.PAYMENT_ID, e.paymentId());
      case PaymentEvent.PaymentRefunded e ->
          out.row(PAYMENT_REFUNDED)
              .with(PAYMENT_REFUNDED.PAYMENT_ID, e.paymentId())
              .with(PAYMENT_REFUNDED.PAYER, e.payer())
              .with(PAYMENT_REFUNDED.AMOUNT, e.amount());
      case PaymentEvent.Withdrawn e ->
          out.row(WITHDRAWN)
              .with(WITHDRAWN.LICENSE_ID, e.licenseId().value())
              .with(WITHDRAWN.PAYOUT, e.payout())
              .with(WITHDRAWN.AMOUNT, e.amount())
              .with(WITHDRAWN.FEE, e.fee());
      case PaymentEvent.Swept e ->
          out.row(SWEPT)
              .with(SWEPT.LICENSE_ID, e.licenseId().value())
              .with(SWEPT.PAYOUT, e.payout())
              .with(SWEPT.AMOUNT, e.amount())
              .with(SWEPT.FEE, e.fee());
      case PaymentEvent.VaultDeployed e ->
          out.row(VAULT_DEPLOYED)
              .with(VAULT_DEPLOYED.LICENSE_ID, e.licenseId().value())
              .with(VAULT_DEPLOYED.VAULT, e.vault());
      case PaymentEvent.FeeScheduled e ->
          out.row(FEE_SCHEDULED)
              .with(FEE_SCHEDULED.FEE_BPS, e.feeBps())
              .with(FEE_SCHEDULED.EFFECTIVE_AT, saturated(e.effectiveAt()));
      case PaymentEvent.FeesCollected e ->
          out.row(FEES_COLLECTED)
              .with(FEES_COLLECTED.TO_ADDRESS, e.to())
              .with(FEES_COLLECTED.AMOUNT, e.amount());
    }
  }
}
