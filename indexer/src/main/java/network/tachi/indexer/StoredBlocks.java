package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.BLOCK;
import static network.tachi.store.jooq.chain.Tables.BLOCK_LOGS;

import java.util.List;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.Record7;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of a chain as the store keeps them, each with the events of its stored logs: all that
 * a projection is made of.
 */
final class StoredBlocks {
  private static final int ROWS_PER_FETCH = 500;

  private final ChainId chain;
  private final LogDecoder decoder;

  /**
   * Reads a chain.
   *
   * @param decoder knows the chain's contracts
   */
  StoredBlocks(ChainId chain, LogDecoder decoder) {
    this.chain = chain;
    this.decoder = decoder;
  }

  /** Takes blocks one by one, ascending; may wait. */
  @FunctionalInterface
  interface BlockConsumer {
    /** Takes a block. */
    void accept(VerifiedBlock block) throws InterruptedException;
  }

  /**
   * Reads the blocks of a range within a transaction, which sees one moment of the store.
   *
   * @throws InterruptedException if the consumer is
   * @throws RawLogsMissingException if the logs of a block with events are not there
   * @throws CorruptLogsException if they cannot be read
   * @throws UndecodableEventException if they are not those of the followed contracts
   */
  void read(DSLContext tx, long from, long to, BlockConsumer consumer) throws InterruptedException {
    try (Cursor<Record7<Long, Hash, Hash, Long, Integer, Hash, Bytes>> rows =
        tx.select(
                BLOCK.NUMBER,
                BLOCK.HASH,
                BLOCK.PARENT_HASH,
                BLOCK.TIMESTAMP,
                BLOCK.LOG_COUNT,
                BLOCK_LOGS.BLOCK_HASH,
                BLOCK_LOGS.LOGS)
            .from(BLOCK)
            .leftJoin(BLOCK_LOGS)
            .on(BLOCK_LOGS.CHAIN_ID.eq(BLOCK.CHAIN_ID).and(BLOCK_LOGS.NUMBER.eq(BLOCK.NUMBER)))
            .where(BLOCK.CHAIN_ID.eq(chain.value()))
            .and(BLOCK.NUMBER.between(from, to))
            .orderBy(BLOCK.NUMBER)
            .fetchSize(ROWS_PER_FETCH)
            .fetchLazy()) {
      for (Record7<Long, Hash, Hash, Long, Integer, Hash, Bytes> row : rows) {
        consumer.accept(
            block(
                new BlockPoint(row.value1(), row.value2(), row.value3(), row.value4()),
                row.value5(),
                row.value6(),
                row.value7()));
      }
    }
  }

  private VerifiedBlock block(
      BlockPoint point, int events, @Nullable Hash loggedBlock, @Nullable Bytes logs) {
    if (logs == null) {
      if (events > 0) {
        throw new RawLogsMissingException(chain, point.id());
      }
      return new VerifiedBlock(point, VerifiedBy.BLOOM, List.of(), Bytes.EMPTY);
    }
    if (loggedBlock == null || !point.hash().equals(loggedBlock)) {
      throw new RawLogsMissingException(chain, point.id());
    }
    return decoder.block(point, BlockLogs.decode(point.id(), logs), logs);
  }
}
