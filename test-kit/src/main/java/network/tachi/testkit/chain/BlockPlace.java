package network.tachi.testkit.chain;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import network.tachi.evm.ChainId;

/**
 * Where a block stands, as far as its content may depend on it.
 *
 * @param chain the chain
 * @param number the block's number
 * @param timestamp seconds since 1970
 * @param contentSeed of the block's content; blocks of different forks have different ones, unless
 *     one holds the other's transactions
 * @param below the places of earlier blocks of the same fork; empty for those in which nothing
 *     happens
 */
public record BlockPlace(
    ChainId chain,
    long number,
    long timestamp,
    long contentSeed,
    LongFunction<Optional<BlockPlace>> below) {
  private static final long STEP = 0x9e3779b97f4a7c15L;

  /** A source of randomness that begins anew for each block and each purpose. */
  public SplittableRandom random(long purpose) {
    return new SplittableRandom(contentSeed ^ (purpose * STEP));
  }

  /**
   * The place of an earlier block of this fork; empty if nothing happens in it, or there is no such
   * block.
   */
  public Optional<BlockPlace> at(long earlier) {
    return earlier < 1 || earlier >= number ? Optional.empty() : below.apply(earlier);
  }
}
