package network.tachi.indexer;

import java.time.Duration;

/**
 * How an indexer works; never what it indexes.
 *
 * @param pollInterval the longest time between two looks at the head where none is announced; an
 *     eighth of the chain's block time, if that is shorter
 * @param tagInterval the time between two questions which blocks are safe and finalized
 * @param headConfirmation how long a head below the indexed one must last before the rows above it
 *     are unwound; a node that answers once from the past unwinds nothing
 * @param chunkBlocks blocks fetched by one task while catching up
 * @param parallelFetches fetching tasks at once while catching up
 * @param commitBlocks the most blocks in one transaction
 * @param leaseDuration how long a writer that does not renew its lease keeps it
 * @param stallAfter how long no look at the head may succeed before the indexer says it is not
 *     ready
 * @param maxBackoff the longest pause after failures in a row
 * @param fetchAheadBytes about how much memory blocks may take that were fetched and not committed
 *     yet
 * @param bulkBlocks a first sync of so many final blocks or more builds the secondary indexes when
 *     it is done
 */
public record IndexerSettings(
    Duration pollInterval,
    Duration tagInterval,
    Duration headConfirmation,
    int chunkBlocks,
    int parallelFetches,
    int commitBlocks,
    Duration leaseDuration,
    Duration stallAfter,
    Duration maxBackoff,
    long fetchAheadBytes,
    long bulkBlocks) {
  private static final long FETCH_AHEAD_BYTES = 64L << 20;
  private static final long BULK_BLOCKS = 10_000;

  /** What suits a local network and public endpoints alike. */
  public static final IndexerSettings DEFAULT =
      new IndexerSettings(
          Duration.ofMillis(500),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          100,
          3,
          2_000,
          Duration.ofSeconds(1),
          Duration.ofSeconds(4),
          Duration.ofSeconds(5));

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if a duration is not positive (tagInterval and
   *     headConfirmation may be zero) or a number is below one
   */
  public IndexerSettings {
    requirePositive("pollInterval", pollInterval);
    requirePositive("leaseDuration", leaseDuration);
    requirePositive("stallAfter", stallAfter);
    requirePositive("maxBackoff", maxBackoff);
    requireNotNegative("tagInterval", tagInterval);
    requireNotNegative("headConfirmation", headConfirmation);
    if (chunkBlocks < 1 || parallelFetches < 1 || commitBlocks < chunkBlocks) {
      throw new IllegalArgumentException(
          "expected 1 <= chunkBlocks <= commitBlocks and 1 <= parallelFetches, found %d, %d, %d"
              .formatted(chunkBlocks, commitBlocks, parallelFetches));
    }
    if (fetchAheadBytes < 1 || bulkBlocks < 1) {
      throw new IllegalArgumentException(
          "expected 1 <= fetchAheadBytes and 1 <= bulkBlocks, found %d, %d"
              .formatted(fetchAheadBytes, bulkBlocks));
    }
  }

  /** Settings with the usual memory and the usual bulk. */
  public IndexerSettings(
      Duration pollInterval,
      Duration tagInterval,
      Duration headConfirmation,
      int chunkBlocks,
      int parallelFetches,
      int commitBlocks,
      Duration leaseDuration,
      Duration stallAfter,
      Duration maxBackoff) {
    this(
        pollInterval,
        tagInterval,
        headConfirmation,
        chunkBlocks,
        parallelFetches,
        commitBlocks,
        leaseDuration,
        stallAfter,
        maxBackoff,
        FETCH_AHEAD_BYTES,
        BULK_BLOCKS);
  }

  private static void requireNotNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + " is negative: " + value);
    }
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " is not positive: " + value);
    }
  }
}
