package network.tachi.tx;

/** Where a transaction of the outbox stands. */
public enum TxState {
  /** Stored, without a nonce yet. */
  QUEUED,
  /** Has a nonce and signed bytes, and was or will be broadcast. */
  SENT,
  /** Stands in a block of the canonical chain. */
  MINED,
  /** Its block is safe. */
  SAFE,
  /** Its block is finalized; nothing changes any more. */
  FINALIZED,
  /** Would revert, so it was never given a nonce. */
  REFUSED,
  /** What it would do was already done, so it was never given a nonce. */
  SKIPPED;

  /** True if the transaction stands in a block. */
  public boolean isIncluded() {
    return this == MINED || this == SAFE || this == FINALIZED;
  }

  /** True if a nonce was given and the outcome may still change. */
  public boolean isInFlight() {
    return this == SENT || this == MINED || this == SAFE;
  }

  /** True if the outbox does nothing more for it, whatever the chain does. */
  public boolean isEnd() {
    return this == FINALIZED || this == REFUSED || this == SKIPPED;
  }
}
