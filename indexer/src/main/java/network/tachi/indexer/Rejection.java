package network.tachi.indexer;

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
  /** The block called safe or finalized is not an ancestor of the head. */
  FORKED_TAG
}
