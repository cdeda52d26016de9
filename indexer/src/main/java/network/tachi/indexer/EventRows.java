package network.tachi.indexer;

import network.tachi.contracts.event.AnchorEvent;
import network.tachi.contracts.event.DisputeEvent;
import network.tachi.contracts.event.EscrowEvent;
import network.tachi.contracts.event.LedgerEvent;
import network.tachi.contracts.event.LegacyEvent;
import network.tachi.contracts.event.LicenseEvent;
import network.tachi.contracts.event.PaymentEvent;
import org.jooq.TableRecord;

/**
 * The rows of events: one table for each event, each beginning with the columns of the event
 * template.
 */
final class EventRows {
  private EventRows() {}

  /** The row of an event. */
  static TableRecord<?> of(IndexedEvent indexed) {
    RecordSink sink = new RecordSink();
    write(indexed, sink);
    return sink.row();
  }

  /** Writes the row of an event. */
  static void write(IndexedEvent indexed, RowSink sink) {
    RowSink out = sink.at(indexed.position());
    switch (indexed.event()) {
      case LicenseEvent e -> LicenseRows.write(e, out);
      case PaymentEvent e -> PaymentRows.write(e, out);
      case DisputeEvent e -> DisputeRows.write(e, out);
      case EscrowEvent e -> EscrowRows.write(e, out);
      case LedgerEvent e -> LedgerRows.write(e, out);
      case AnchorEvent e -> AnchorRows.write(e, out);
      case LegacyEvent e -> LegacyRows.write(e, out);
    }
  }
}
