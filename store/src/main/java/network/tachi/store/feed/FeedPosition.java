package network.tachi.store.feed;

import java.util.UUID;
import network.tachi.evm.InvalidValueException;

/**
 * How far one source's feed was read.
 *
 * @param history which feed: a database that is indexed afresh has another one, whose numbers say
 *     nothing about this one
 * @param sequence the number of the last row that was read; 0 if none was
 */
public record FeedPosition(UUID history, long sequence) {
  /** Before the first row of a feed that has no row yet. */
  public static final FeedPosition START = new FeedPosition(new UUID(0, 0), 0);

  /**
   * Checks the number.
   *
   * @throws InvalidValueException if it is negative
   */
  public FeedPosition {
    if (sequence < 0) {
      throw new InvalidValueException("feed sequence", "0 or more", Long.toString(sequence));
    }
  }
}
