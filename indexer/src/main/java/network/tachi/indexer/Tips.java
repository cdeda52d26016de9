package network.tachi.indexer;

import java.util.Optional;

/**
 * What a node says of its chain's end.
 *
 * @param latest the head
 * @param safe the block that the node calls safe, if it knows one
 * @param finalized the block that is called finalized, if one is
 */
record Tips(CheckedHeader latest, Optional<CheckedHeader> safe, Optional<CheckedHeader> finalized) {
  /** The same with another finalized block. */
  Tips withFinalized(Optional<CheckedHeader> other) {
    return new Tips(latest, safe, other);
  }
}
