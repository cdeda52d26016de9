package network.tachi.testkit.chain;

import network.tachi.evm.ChainId;

/**
 * What a generated chain is made from. Equal specs give equal blocks.
 *
 * @param chain its id
 * @param shape the form of its headers and receipts
 * @param seed of everything that is random
 * @param genesisTime the timestamp of block 0, in seconds since 1970
 * @param blockMillis the time between two blocks; with less than a second several blocks share a
 *     timestamp
 * @param timestampMillis whether blocks and logs also name their time in milliseconds, as Base's
 *     nodes may
 * @param workload what happens in the blocks
 */
public record ChainSpec(
    ChainId chain,
    ChainShape shape,
    long seed,
    long genesisTime,
    long blockMillis,
    boolean timestampMillis,
    Workload workload) {
  private static final long GENESIS = 1_800_000_000L;

  /**
   * Checks the times.
   *
   * @throws IllegalArgumentException if genesis is before 1970 or blocks take no time
   */
  public ChainSpec {
    if (genesisTime < 0 || blockMillis < 1) {
      throw new IllegalArgumentException(
          "expected genesisTime >= 0 and blockMillis >= 1, found %d and %d"
              .formatted(genesisTime, blockMillis));
    }
  }

  /** A chain like Base: five blocks a second, with Base Sepolia's id. */
  public static ChainSpec base(long seed, Workload workload) {
    return new ChainSpec(
        ChainId.BASE_SEPOLIA, ChainShape.BASE, seed, GENESIS, 200, false, workload);
  }

  /** A chain like Ethereum: a block every 12 s, with Sepolia's id. */
  public static ChainSpec ethereum(long seed, Workload workload) {
    return new ChainSpec(
        ChainId.SEPOLIA, ChainShape.ETHEREUM, seed, GENESIS, 12_000, false, workload);
  }

  /** This spec with another shape. */
  public ChainSpec withShape(ChainShape value) {
    return new ChainSpec(chain, value, seed, genesisTime, blockMillis, timestampMillis, workload);
  }

  /** This spec with another chain id. */
  public ChainSpec withChain(ChainId value) {
    return new ChainSpec(value, shape, seed, genesisTime, blockMillis, timestampMillis, workload);
  }

  /** This spec with another time between blocks, in milliseconds. */
  public ChainSpec withBlockMillis(long value) {
    return new ChainSpec(chain, shape, seed, genesisTime, value, timestampMillis, workload);
  }

  /** This spec with another genesis time, in seconds since 1970. */
  public ChainSpec withGenesisTime(long value) {
    return new ChainSpec(chain, shape, seed, value, blockMillis, timestampMillis, workload);
  }

  /** This spec with times in milliseconds beside the others. */
  public ChainSpec withTimestampMillis() {
    return new ChainSpec(chain, shape, seed, genesisTime, blockMillis, true, workload);
  }
}
