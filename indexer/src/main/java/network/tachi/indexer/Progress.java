package network.tachi.indexer;

import java.time.Duration;
import java.util.Optional;

/**
 * How far a long piece of work is. The rates are those of the whole work so far.
 *
 * @param chain the name of the chain
 * @param first the first block of the work
 * @param done the highest block done, or one below the first
 * @param last the last block of the work
 * @param events events done, as far as they are counted
 * @param elapsed since the work began
 */
public record Progress(
    String chain, long first, long done, long last, long events, Duration elapsed) {
  private static final double NANOS = 1e9;

  /** The share that is done, from 0 to 1. */
  public double share() {
    long all = last - first + 1;
    return all <= 0 ? 1 : Math.clamp((double) (done - first + 1) / all, 0, 1);
  }

  /** Blocks a second. */
  public double blocksPerSecond() {
    return perSecond(Math.max(0, done - first + 1));
  }

  /** Events a second. */
  public double eventsPerSecond() {
    return perSecond(events);
  }

  /** The time left if it goes on like this; empty before anything is done. */
  public Optional<Duration> left() {
    double rate = blocksPerSecond();
    return rate > 0
        ? Optional.of(Duration.ofSeconds((long) Math.ceil(Math.max(0, last - done) / rate)))
        : Optional.empty();
  }

  private double perSecond(long count) {
    double seconds = elapsed.toNanos() / NANOS;
    return seconds > 0 ? count / seconds : 0;
  }
}
