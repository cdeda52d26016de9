package network.tachi.indexer;

/** How the absence or presence of logs in a block was proven. */
enum VerifiedBy {
  /** The header's hash was recomputed and its bloom excludes every followed contract. */
  BLOOM("bloom"),
  /** The header's hash was recomputed and the receipts hash to its receipts root. */
  RECEIPTS("receipts"),
  /**
   * The header has fields that this version does not know, so that its hash could not be
   * recomputed. Receipts hash to the root it shows, and the block is pinned only by the hash that
   * its child names.
   */
  HASH_PIN("unverified");

  private final String column;

  VerifiedBy(String column) {
    this.column = column;
  }

  /** The word in {@code chain.block.verification}. */
  String column() {
    return column;
  }
}
