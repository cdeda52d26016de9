package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.EVENT_TEMPLATE;

import network.tachi.contracts.event.AnchorEvent;
import network.tachi.contracts.event.DisputeEvent;
import network.tachi.contracts.event.EscrowEvent;
import network.tachi.contracts.event.LedgerEvent;
import network.tachi.contracts.event.LegacyEvent;
import network.tachi.contracts.event.LicenseEvent;
import network.tachi.contracts.event.PaymentEvent;
import network.tachi.contracts.event.TachiEvent;
import org.jooq.TableRecord;

/**
 * The rows of events: one table for each event, each beginning with the columns of the event
 * template.
 */
final class EventRows {
  private EventRows() {}

  /** The row of an event. */
  static TableRecord<?> of(IndexedEvent indexed) {
    TableRecord<?> row = of(indexed.event());
    EventPosition position = indexed.position();
    row.set(EVENT_TEMPLATE.CHAIN_ID, position.chain().value());
    row.set(EVENT_TEMPLATE.BLOCK_NUMBER, position.block().number());
    row.set(EVENT_TEMPLATE.LOG_INDEX, position.logIndex());
    row.set(EVENT_TEMPLATE.BLOCK_HASH, position.block().hash());
    row.set(EVENT_TEMPLATE.BLOCK_TIMESTAMP, position.block().timestamp());
    row.set(EVENT_TEMPLATE.TX_HASH, position.transaction());
    row.set(EVENT_TEMPLATE.TX_INDEX, position.transactionIndex());
    row.set(EVENT_TEMPLATE.CONTRACT, position.contract());
    return row;
  }

  private static TableRecord<?> of(TachiEvent event) {
    return switch (event) {
      case LicenseEvent e -> LicenseRows.of(e);
      case PaymentEvent e -> PaymentRows.of(e);
      case DisputeEvent e -> DisputeRows.of(e);
      case EscrowEvent e -> EscrowRows.of(e);
      case LedgerEvent e -> LedgerRows.of(e);
      case AnchorEvent e -> AnchorRows.of(e);
      case LegacyEvent e -> LegacyRows.of(e);
    };
  }
}
