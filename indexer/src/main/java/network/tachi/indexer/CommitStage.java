package network.tachi.indexer;

/** The steps of a commit, between which a process may die. */
enum CommitStage {
  /** The transaction has begun and the checkpoint is locked. */
  BEGUN,
  /** The rows above the common ancestor are deleted. */
  UNWOUND,
  /** Blocks and events are written. */
  ROWS_WRITTEN,
  /** The checkpoint is written. */
  CHECKPOINT_WRITTEN,
  /** The transaction is committed; the caller does not know yet. */
  COMMITTED;

  /**
   * Is told of each stage; what it throws breaks the commit off. Tests stop there; production has
   * {@link #NONE}.
   */
  @FunctionalInterface
  interface Probe {
    /** Goes on at every stage. */
    Probe NONE = _ -> {};

    /** Called when a stage is reached. */
    void reached(CommitStage stage);
  }
}
