package network.tachi.indexer;

/** How the absence or presence of logs in a block was proven. */
enum VerifiedBy {
  /** The header's hash was recomputed and its bloom excludes every followed contract. */
  BLOOM("bloom", 0),
  /** The header's hash was recomputed and the receipts hash to its receipts root. */
  RECEIPTS("receipts", 1),
  /**
   * The header has fields that this version does not know, so that its hash could not be
   * recomputed. Receipts hash to the root it shows, and the block is pinned only by the hash that
   * its child names.
   */
  HASH_PIN("unverified", 2),
  /**
   * The header's hash was recomputed, and the logs were held against its bloom, as no endpoint
   * gives receipts. An omitted log is noticed by its number or its bits in the bloom; that contents
   * are true is proven only as far as the bits of contract and topics go.
   */
  LOGS("logs", 3);

  private final String column;
  private final int code;

  VerifiedBy(String column, int code) {
    this.column = column;
    this.code = code;
  }

  /** The word in {@code chain.block.verification}. */
  String column() {
    return column;
  }

  /** The number in the form of {@link BlockLogs}; never given to another proof. */
  int code() {
    return code;
  }
}
