package network.tachi.indexer;

import network.tachi.contracts.event.ContractKind;
import network.tachi.evm.Address;

/**
 * A contract whose events are indexed.
 *
 * @param address where it is
 * @param kind what it is; the meaning of its logs comes from this
 * @param startBlock the first block that can hold one of its events
 */
public record FollowedContract(Address address, ContractKind kind, long startBlock) {
  /**
   * Checks the start.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public FollowedContract {
    if (startBlock < 0) {
      throw new IllegalArgumentException("start block " + startBlock + " is negative");
    }
  }
}
