package network.tachi.indexer;

import static network.tachi.indexer.ColumnValues.saturated;
import static network.tachi.store.jooq.projection.Tables.DISPUTE_ANSWERED;
import static network.tachi.store.jooq.projection.Tables.DISPUTE_ESCALATED;
import static network.tachi.store.jooq.projection.Tables.DISPUTE_OPENED;
import static network.tachi.store.jooq.projection.Tables.DISPUTE_RESOLVED;

import network.tachi.contracts.event.DisputeEvent;

/** The rows of the events of DisputeResolver. */
final class DisputeRows {
  private DisputeRows() {}

  /** Writes the row of an event. */
  static void write(DisputeEvent event, RowSink out) {
    switch (event) {
      case DisputeEvent.DisputeOpened e ->
          out.row(DISPUTE_OPENED)
              .with(DISPUTE_OPENED.DISPUTE_ID, saturated(e.disputeId()))
              .with(DISPUTE_OPENED.LICENSE_ID, e.licenseId().value())
              .with(DISPUTE_OPENED.CRAWLER, e.crawler())
              .hashes(DISPUTE_OPENED.PAYMENT_IDS, e.paymentIds())
              .with(DISPUTE_OPENED.AMOUNT, e.amount())
              .with(DISPUTE_OPENED.EVIDENCE_HASH, e.evidenceHash())
              .with(DISPUTE_OPENED.EVIDENCE_URI, e.evidenceURI())
              .with(DISPUTE_OPENED.ANSWER_BY, saturated(e.answerBy()));
      case DisputeEvent.DisputeAnswered e ->
          out.row(DISPUTE_ANSWERED)
              .with(DISPUTE_ANSWERED.DISPUTE_ID, saturated(e.disputeId()))
              .with(DISPUTE_ANSWERED.EVIDENCE_HASH, e.evidenceHash())
              .with(DISPUTE_ANSWERED.EVIDENCE_URI, e.evidenceURI())
              .with(DISPUTE_ANSWERED.ESCALATE_BY, saturated(e.escalateBy()));
      case DisputeEvent.DisputeEscalated e ->
          out.row(DISPUTE_ESCALATED)
              .with(DISPUTE_ESCALATED.DISPUTE_ID, saturated(e.disputeId()))
              .with(DISPUTE_ESCALATED.RULE_BY, saturated(e.ruleBy()));
      case DisputeEvent.DisputeResolved e ->
          out.row(DISPUTE_RESOLVED)
              .with(DISPUTE_RESOLVED.DISPUTE_ID, saturated(e.disputeId()))
              .with(DISPUTE_RESOLVED.OUTCOME, (short) e.outcome())
              .with(DISPUTE_RESOLVED.CAUSE, (short) e.cause());
    }
  }
}
