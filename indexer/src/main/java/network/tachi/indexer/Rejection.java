package network.tachi.indexer;

import network.tachi.evm.rpc.Attempt;

/** What was wrong with a node's answer. Each is a label of the metric of rejected answers. */
public enum Rejection {
  /** The node has no block at a height below its own head. */
  BLOCK_MISSING,
  /** The block is not the one asked for. */
  OTHER_BLOCK,
  /** The header does not hash to the hash the node gives for it. */
  HEADER_HASH,
  /** The header's parent is not the block below it. */
  PARENT_LINK,
  /** The node has no receipts, or another number of them than the block has transactions. */
  RECEIPTS_MISSING,
  /** A receipt or a log names another block or transaction. */
  FOREIGN_RECEIPT,
  /** Receipts or logs are not in the order of the block. */
  RECEIPT_ORDER,
  /** The receipts do not hash to the root in the header. */
  RECEIPTS_ROOT,
  /** The node has not got the block that was announced, which it may have a moment later. */
  NOT_YET_THERE,
  /** The node's head is below that of another node, and has been for a while. */
  HEAD_BEHIND,
  /** The logs are not those that the header's bloom tells of. */
  LOGS_BLOOM,
  /** The block called safe or finalized is not an ancestor of the head. */
  FORKED_TAG;

  /** What an answer that is refused for this says about the node. */
  Attempt.Blame blame() {
    return switch (this) {
      // Replicas of different heights, and reorgs between two calls, do the same to honest nodes.
      case BLOCK_MISSING, PARENT_LINK, RECEIPTS_MISSING, FORKED_TAG -> Attempt.Blame.STALE;
      case NOT_YET_THERE -> Attempt.Blame.LATE;
      case HEAD_BEHIND,
          OTHER_BLOCK,
          HEADER_HASH,
          FOREIGN_RECEIPT,
          RECEIPT_ORDER,
          RECEIPTS_ROOT,
          LOGS_BLOOM ->
          Attempt.Blame.LIE;
    };
  }
}
