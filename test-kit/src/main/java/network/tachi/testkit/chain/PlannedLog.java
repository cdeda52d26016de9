package network.tachi.testkit.chain;

import java.util.List;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;

/**
 * A log of a block to come.
 *
 * @param address the contract that emits it
 * @param topics none to four
 * @param data the members that are not indexed
 */
public record PlannedLog(Address address, List<Hash> topics, Bytes data) {
  private static final int MAX_TOPICS = 4;

  /**
   * Checks the number of topics.
   *
   * @throws IllegalArgumentException if there are more than four
   */
  public PlannedLog {
    topics = List.copyOf(topics);
    if (topics.size() > MAX_TOPICS) {
      throw new IllegalArgumentException("expected at most 4 topics, found " + topics.size());
    }
  }
}
