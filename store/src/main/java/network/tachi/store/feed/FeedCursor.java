package network.tachi.store.feed;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import network.tachi.evm.InvalidValueException;

/**
 * How far a consumer has read the feed: a position for each source. Immutable. As text it is {@code
 * source:history:sequence}, separated by commas.
 *
 * @param positions by source
 */
public record FeedCursor(SortedMap<FeedSource, FeedPosition> positions) {
  /** Copies the positions. */
  public FeedCursor {
    positions = Collections.unmodifiableSortedMap(new TreeMap<>(positions));
  }

  /** The position of a source; before its first row if the cursor does not know it. */
  public FeedPosition position(FeedSource source) {
    return positions.getOrDefault(source, FeedPosition.START);
  }

  /** This cursor with another position of a source. */
  public FeedCursor with(FeedSource source, FeedPosition position) {
    SortedMap<FeedSource, FeedPosition> changed = new TreeMap<>(positions);
    changed.put(source, position);
    return new FeedCursor(changed);
  }

  /**
   * The cursor of a text.
   *
   * @throws InvalidValueException if it is not one
   */
  public static FeedCursor parse(String text) {
    SortedMap<FeedSource, FeedPosition> positions = new TreeMap<>();
    for (String part : text.split(",", -1)) {
      String[] fields = part.split(":", -1);
      if (fields.length != 3) {
        throw wrong(text);
      }
      try {
        positions.put(
            FeedSource.parse(fields[0]),
            new FeedPosition(UUID.fromString(fields[1]), Long.parseLong(fields[2])));
      } catch (IllegalArgumentException _) {
        throw wrong(text);
      }
    }
    return new FeedCursor(positions);
  }

  private static InvalidValueException wrong(String text) {
    return new InvalidValueException(
        "feed cursor", "source:history:sequence, separated by commas", text);
  }

  @Override
  public String toString() {
    return positions.entrySet().stream().map(FeedCursor::text).collect(Collectors.joining(","));
  }

  private static String text(Map.Entry<FeedSource, FeedPosition> entry) {
    FeedPosition position = entry.getValue();
    return entry.getKey().key() + ":" + position.history() + ":" + position.sequence();
  }
}
