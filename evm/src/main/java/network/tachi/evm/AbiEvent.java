package network.tachi.evm;

import java.util.List;

/**
 * An event of a contract.
 *
 * @param signature its name and types, such as {@code Transfer(address,address,uint256)}
 * @param topic0 the hash of the signature, the first topic of its logs
 * @param indexed how many of its members are topics
 */
public record AbiEvent(String signature, Hash topic0, int indexed) {
  private static final int MAX_INDEXED = 3;

  /** Checks the number of topics. */
  public AbiEvent {
    if (indexed < 0 || indexed > MAX_INDEXED) {
      throw new InvalidValueException("indexed members", "0 to 3", Integer.toString(indexed));
    }
  }

  /** The event of a signature, with so many indexed members. */
  public static AbiEvent of(String signature, int indexed) {
    return new AbiEvent(signature, Keccak.hash(signature), indexed);
  }

  /** Whether a log with these topics is of this event. */
  public boolean matches(List<Hash> topics) {
    return topics.size() == 1 + indexed && topics.getFirst().equals(topic0);
  }

  /**
   * A reader of the indexed members: slot 0 is the second topic.
   *
   * @throws AbiException if the log is of another event
   */
  public AbiReader readTopics(List<Hash> topics) {
    if (!matches(topics)) {
      throw new AbiException(
          "expected "
              + signature
              + " with "
              + indexed
              + " indexed members, found topics "
              + topics);
    }
    return AbiReader.ofWords(topics.subList(1, topics.size()));
  }
}
