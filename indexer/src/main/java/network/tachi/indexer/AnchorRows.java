package network.tachi.indexer;

import static network.tachi.indexer.ColumnValues.saturated;
import static network.tachi.store.jooq.projection.Tables.HEADER_ANCHORED;

import network.tachi.contracts.event.AnchorEvent;

/** The rows of the events of HeaderAnchor. */
final class AnchorRows {
  private AnchorRows() {}

  /** Writes the row of an event. */
  static void write(AnchorEvent event, RowSink out) {
    switch (event) {
      case AnchorEvent.HeaderAnchored e ->
          out.row(HEADER_ANCHORED)
              .with(HEADER_ANCHORED.EPOCH, saturated(e.epoch()))
              .with(HEADER_ANCHORED.GENERATION, saturated(e.generation()))
              .with(HEADER_ANCHORED.HEADER_HASH, e.headerHash())
              .with(HEADER_ANCHORED.PREV_HEADER_HASH, e.prevHeaderHash())
              .with(HEADER_ANCHORED.CONFIG_DIGEST, e.configDigest())
              .with(HEADER_ANCHORED.BODY_HASH, e.bodyHash());
    }
  }
}
