package network.tachi.indexer;

import network.tachi.contracts.event.TachiEvent;

/**
 * An event and where it stands.
 *
 * @param position where
 * @param event what
 */
record IndexedEvent(EventPosition position, TachiEvent event) {}
