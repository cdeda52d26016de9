package network.tachi.store.feed;

import network.tachi.evm.ChainId;
import network.tachi.evm.InvalidValueException;

/** A writer with a sequence of its own. */
public sealed interface FeedSource extends Comparable<FeedSource> {
  /** The indexer's commits for one chain. */
  record Chain(ChainId chain) implements FeedSource {
    @Override
    public String key() {
      return chain.toString();
    }

    @Override
    public String channel() {
      return "tachi_chain";
    }
  }

  /** The oracle's commits. */
  record Metering() implements FeedSource {
    @Override
    public String key() {
      return "metering";
    }

    @Override
    public String channel() {
      return "tachi_metering";
    }
  }

  /** The oracle's commits. */
  static FeedSource metering() {
    return new Metering();
  }

  /** The indexer's commits for one chain. */
  static FeedSource of(ChainId chain) {
    return new Chain(chain);
  }

  /**
   * The source of a key.
   *
   * @throws InvalidValueException if it is neither a chain id nor {@code metering}
   */
  static FeedSource parse(String key) {
    if (key.equals(metering().key())) {
      return metering();
    }
    try {
      return of(ChainId.of(Long.parseLong(key)));
    } catch (NumberFormatException | InvalidValueException _) {
      throw new InvalidValueException("feed source", "a chain id or metering", key);
    }
  }

  /** Its name in cursors: the chain id, or {@code metering}. */
  String key();

  /** Where its commits are announced. */
  String channel();

  @Override
  default int compareTo(FeedSource other) {
    return key().compareTo(other.key());
  }
}
