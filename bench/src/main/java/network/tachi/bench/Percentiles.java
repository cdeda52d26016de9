package network.tachi.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The spread of measured times. */
final class Percentiles {
  private final double[] sorted;

  /** Times in milliseconds. */
  Percentiles(List<Double> millis) {
    this.sorted = millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  /** The time that so many in 100 do not exceed (nearest rank). */
  double at(double percent) {
    if (sorted.length == 0) {
      throw new BenchException("nothing was measured");
    }
    int rank = (int) Math.ceil(percent / 100 * sorted.length);
    return sorted[Math.max(0, rank - 1)];
  }

  int count() {
    return sorted.length;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "n=%d p50 %.1f, p90 %.1f, p99 %.1f, p99.9 %.1f, max %.1f ms, mean %.1f ms",
        sorted.length,
        at(50),
        at(90),
        at(99),
        at(99.9),
        at(100),
        Arrays.stream(sorted).average().orElseThrow());
  }
}
