package network.tachi.indexer;

import network.tachi.evm.Address;

/** A proven log of a followed contract that does not have the form of the event its topic names. */
public final class UndecodableEventException extends IndexerHaltedException {
  private static final long serialVersionUID = 1;

  UndecodableEventException(long block, long logIndex, Address contract, RuntimeException cause) {
    super(
        "block %d, log %d of %s does not decode: %s. Check that the configured address is the contract it is configured as"
            .formatted(block, logIndex, contract, cause.getMessage()),
        cause);
  }

  @Override
  public String code() {
    return "undecodable_event";
  }
}
