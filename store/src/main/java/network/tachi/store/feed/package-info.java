/**
 * The one feed: what the indexer and the oracle committed, in a gap-free sequence of each writer.
 * Consumers read it by a cursor that they keep in their own transactions.
 */
@NullMarked
package network.tachi.store.feed;

import org.jspecify.annotations.NullMarked;
