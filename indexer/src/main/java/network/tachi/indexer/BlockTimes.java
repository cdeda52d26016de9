package network.tachi.indexer;

import java.util.List;
import java.util.OptionalLong;

/** When some blocks in a row were made. */
final class BlockTimes {
  private final List<BlockPoint> points;

  /**
   * Of these blocks.
   *
   * @param points ascending, at least one; their times never go back
   */
  BlockTimes(List<BlockPoint> points) {
    this.points = points;
  }

  /** The time of the last. */
  long last() {
    return points.getLast().timestamp();
  }

  /** The height of the first block of a time or later. */
  OptionalLong firstAt(long time) {
    int low = 0;
    int high = points.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (points.get(middle).timestamp() < time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == points.size() ? OptionalLong.empty() : OptionalLong.of(points.get(low).number());
  }
}
