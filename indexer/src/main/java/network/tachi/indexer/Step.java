package network.tachi.indexer;

/** How the chain's head stands to the window's tip. There is no fifth way. */
sealed interface Step {
  /** The head is the tip. */
  record Same() implements Step {}

  /**
   * The head's parent is the tip.
   *
   * @param head the head
   */
  record Next(BlockPoint head) implements Step {}

  /**
   * The head is more than one block above the tip; whether it descends from the tip is not known
   * yet.
   *
   * @param from the first block that is missing
   * @param head the head
   */
  record Gap(long from, BlockPoint head) implements Step {}

  /**
   * The head is not above the tip and not the tip: another branch of the same height or shorter, or
   * our own branch cut short, or a child of another block than the tip.
   *
   * @param head the head
   * @param onBranch whether the window holds the head: the chain got shorter, or the node answers
   *     from the past
   */
  record Fork(BlockPoint head, boolean onBranch) implements Step {}
}
