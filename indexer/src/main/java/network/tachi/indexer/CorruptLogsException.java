package network.tachi.indexer;

/** Thrown when the stored logs of a block are not in the form in which the indexer stores them. */
public final class CorruptLogsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CorruptLogsException(BlockId block, int at, String expected, Object found) {
    super(
        "stored logs of block %s, byte %d: expected %s, found %s"
            .formatted(block, at, expected, found));
  }
}
