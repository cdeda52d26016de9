package network.tachi.testkit.chain;

/** What the blocks of a fork hold, compared with those that they replace. */
public enum Replacement {
  /** Other transactions. */
  OTHER,
  /** The same transactions in blocks of the same numbers; only the hashes of blocks differ. */
  SAME,
  /** The same transactions, each one block later, behind an empty block. */
  LATER,
  /** Nothing. */
  NOTHING
}
