/**
 * Chain to store: heads, verified blocks, decoded events, one transaction, a notice.
 *
 * <p>Nothing a node says is believed: headers are hashed again, receipts are hashed to the root
 * that the header commits to, and logs are taken from those receipts. Nothing below the finalized
 * block is ever unwound.
 */
@NullMarked
package network.tachi.indexer;

import org.jspecify.annotations.NullMarked;
