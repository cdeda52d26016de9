package network.tachi.indexer;

import java.time.Instant;

/**
 * What an indexer is doing, for people and probes.
 *
 * @param state what it does
 * @param reason a stable snake_case word for a state in which the store is not at the head, such as
 *     {@code reorg_below_finalized}; empty while following
 * @param detail the reason in a sentence; empty while following
 * @param head the chain's head as last seen, or -1
 * @param indexed the highest block in the store as of the last look, or -1
 * @param finalized the finalized block in the store as of the last look, or -1
 * @param lastSuccess when a look at the head last ended well, or when the indexer was made
 */
public record IndexerStatus(
    State state,
    String reason,
    String detail,
    long head,
    long indexed,
    long finalized,
    Instant lastSuccess) {

  /** What an indexer can be doing. */
  public enum State {
    /** It has not looked at the chain yet. */
    STARTING,
    /** Another process writes this chain. */
    STANDBY,
    /** The chain has not reached the first block to index. */
    WAITING,
    /** It is behind the head. */
    CATCHING_UP,
    /** It has indexed the head. */
    FOLLOWING,
    /** The last look failed; it tries again. */
    RETRYING,
    /** It must not go on by itself; the detail says what to do. */
    HALTED,
    /** It was stopped. */
    STOPPED
  }

  /** Blocks between head and store, at least 0. */
  public long lag() {
    return Math.max(0, head - indexed);
  }
}
