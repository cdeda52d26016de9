package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import network.tachi.evm.Hash;

/**
 * The furthest point of the log that was cleared for signing.
 *
 * @param generation of the entry
 * @param index of the entry
 * @param leafHash of the entry (wire.md section 4)
 */
record Watermark(long generation, long index, Hash leafHash) implements Comparable<Watermark> {
  private static final Comparator<Watermark> ORDER =
      Comparator.comparingLong(Watermark::generation).thenComparingLong(Watermark::index);

  Watermark {
    requireNonNull(leafHash, "leafHash is null");
    if (generation < 1 || index < 0) {
      throw new IllegalArgumentException("generation " + generation + ", index " + index);
    }
  }

  /** Orders by how far the log had come; leaves are not compared. */
  @Override
  public int compareTo(Watermark other) {
    return ORDER.compare(this, other);
  }
}
