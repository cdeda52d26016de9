package network.tachi.evm.rpc.pool;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long an endpoint's answers take, by method: a decayed mean for the choice between endpoints,
 * and the latest times for quantiles. Safe for use by many threads.
 */
final class Latencies {
  private static final int KEPT = 64;
  private static final int ENOUGH = 8;
  private static final int MAX_LABELS = 64;
  private static final double WEIGHT = 0.2;

  private final Map<String, Samples> byLabel = new ConcurrentHashMap<>();
  private final Samples all = new Samples();

  /** Adds the time of an answer. */
  void add(String label, long nanos) {
    all.add(nanos);
    Samples samples = byLabel.get(label);
    if (samples == null && byLabel.size() < MAX_LABELS) {
      samples = byLabel.computeIfAbsent(label, _ -> new Samples());
    }
    if (samples != null) {
      samples.add(nanos);
    }
  }

  /** The decayed mean of a method's times, else of all times, in nanoseconds. */
  OptionalLong mean(String label) {
    Samples samples = byLabel.get(label);
    OptionalLong mean = samples == null ? OptionalLong.empty() : samples.mean();
    return mean.isPresent() ? mean : all.mean();
  }

  /** A quantile of a method's latest times, in nanoseconds; empty if there are too few. */
  OptionalLong quantile(String label, double quantile) {
    Samples samples = byLabel.get(label);
    return samples == null ? OptionalLong.empty() : samples.quantile(quantile);
  }

  private static final class Samples {
    private final long[] ring = new long[KEPT];
    private int count;
    private double mean;

    synchronized void add(long nanos) {
      ring[count % KEPT] = nanos;
      mean = count == 0 ? nanos : mean + WEIGHT * (nanos - mean);
      // Wraps within the ring, so that it never overflows.
      count = count == 2 * KEPT - 1 ? KEPT : count + 1;
    }

    synchronized OptionalLong mean() {
      return count == 0 ? OptionalLong.empty() : OptionalLong.of((long) mean);
    }

    synchronized OptionalLong quantile(double quantile) {
      if (count < ENOUGH) {
        return OptionalLong.empty();
      }
      long[] sorted = Arrays.copyOf(ring, Math.min(count, KEPT));
      Arrays.sort(sorted);
      return OptionalLong.of(
          sorted[(int) Math.min(sorted.length - 1L, (long) (quantile * sorted.length))]);
    }
  }
}
