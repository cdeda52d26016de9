package network.tachi.indexer;

import static network.tachi.indexer.ColumnValues.saturated;
import static network.tachi.store.jooq.chain.Tables.DISPUTE_ANSWERED;
import static network.tachi.store.jooq.chain.Tables.DISPUTE_ESCALATED;
import static network.tachi.store.jooq.chain.Tables.DISPUTE_OPENED;
import static network.tachi.store.jooq.chain.Tables.DISPUTE_RESOLVED;

import network.tachi.contracts.event.DisputeEvent;
import org.jooq.TableRecord;

/** The rows of the events of DisputeResolver. */
final class DisputeRows {
  private DisputeRows() {}

  /** The row of an event, without its place. */
  static TableRecord<?> of(DisputeEvent event) {
    return switch (event) {
      case DisputeEvent.DisputeOpened e ->
          DISPUTE_OPENED
              .newRecord()
              .with(DISPUTE_OPENED.DISPUTE_ID, saturated(e.disputeId()))
              .with(DISPUTE_OPENED.LICENSE_ID, e.licenseId().value())
              .with(DISPUTE_OPENED.CRAWLER, e.crawler())
              .with(DISPUTE_OPENED.PAYMENT_IDS, e.paymentIds())
              .with(DISPUTE_OPENED.AMOUNT, e.amount())
              .with(DISPUTE_OPENED.EVIDENCE_HASH, e.evidenceHash())
              .with(DISPUTE_OPENED.EVIDENCE_URI, e.evidenceURI())
              .with(DISPUTE_OPENED.ANSWER_BY, saturated(e.answerBy()));
      case DisputeEvent.DisputeAnswered e ->
          DISPUTE_ANSWERED
              .newRecord()
              .with(DISPUTE_ANSWERED.DISPUTE_ID, saturated(e.disputeId()))
              .with(DISPUTE_ANSWERED.EVIDENCE_HASH, e.evidenceHash())
              .with(DISPUTE_ANSWERED.EVIDENCE_URI, e.evidenceURI())
              .with(DISPUTE_ANSWERED.ESCALATE_BY, saturated(e.escalateBy()));
      case DisputeEvent.DisputeEscalated e ->
          DISPUTE_ESCALATED
              .newRecord()
              .with(DISPUTE_ESCALATED.DISPUTE_ID, saturated(e.disputeId()))
              .with(DISPUTE_ESCALATED.RULE_BY, saturated(e.ruleBy()));
      case DisputeEvent.DisputeResolved e ->
          DISPUTE_RESOLVED
              .newRecord()
              .with(DISPUTE_RESOLVED.DISPUTE_ID, saturated(e.disputeId()))
              .with(DISPUTE_RESOLVED.OUTCOME, (short) e.outcome())
              .with(DISPUTE_RESOLVED.CAUSE, (short) e.cause());
    };
  }
}
