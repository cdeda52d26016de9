package network.tachi.indexer;

import java.util.List;
import java.util.Optional;
import network.tachi.evm.rpc.Receipt;

/**
 * What a node says of its chain's end.
 *
 * @param latest the head
 * @param safe the block that the node calls safe, if it knows one
 * @param finalized the block that is called finalized, if one is
 * @param receipts those of the head, proven, if they came with it
 */
record Tips(
    CheckedHeader latest,
    Optional<CheckedHeader> safe,
    Optional<CheckedHeader> finalized,
    Optional<List<Receipt>> receipts) {
  /** Without receipts. */
  Tips(CheckedHeader latest, Optional<CheckedHeader> safe, Optional<CheckedHeader> finalized) {
    this(latest, safe, finalized, Optional.empty());
  }

  /** The same with another finalized block. */
  Tips withFinalized(Optional<CheckedHeader> other) {
    return new Tips(latest, safe, other, receipts);
  }

  /** The same with the head's receipts. */
  Tips withReceipts(Optional<List<Receipt>> proven) {
    return new Tips(latest, safe, finalized, proven);
  }
}
