package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.FEED;

import java.util.List;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/**
 * The rows of the feed for one change, numbered without a gap: {@code fork} for what is undone
 * (head_hash is the block that stays), {@code blocks} for what comes on top; or {@code finality}
 * alone, from the finalized to the safe block.
 */
final class FeedRows {
  private final ChainId chain;
  private final DSLContext tx;
  private final long epoch;
  private long sequence;

  /**
   * Rows after the row of a number.
   *
   * @param epoch of the lease under which they are written
   */
  FeedRows(ChainId chain, DSLContext tx, long epoch, long sequence) {
    this.chain = chain;
    this.tx = tx;
    this.epoch = epoch;
    this.sequence = sequence;
  }

  /** Writes the rows of a change and returns the number of the last one. */
  long append(Change change) {
    List<VerifiedBlock> blocks = change.blocks();
    BlockId after = change.after().id();
    if (change.depth() > 0) {
      long first = change.unwindAbove().orElseThrow() + 1;
      Hash ancestor = blocks.isEmpty() ? after.hash() : blocks.getFirst().point().parentHash();
      append("fork", first, change.before().orElseThrow().number(), ancestor);
    }
    if (!blocks.isEmpty()) {
      append("blocks", blocks.getFirst().point().number(), after.number(), after.hash());
    } else if (change.depth() == 0) {
      Finality finality = change.finality();
      append("finality", finality.finalized().number(), finality.safe().number(), after.hash());
    }
    return sequence;
  }

  private void append(String kind, long first, long last, Hash head) {
    sequence++;
    tx.insertInto(FEED)
        .set(FEED.CHAIN_ID, chain.value())
        .set(FEED.SEQ, sequence)
        .set(FEED.KIND, kind)
        .set(FEED.FIRST_BLOCK, first)
        .set(FEED.LAST_BLOCK, last)
        .set(FEED.HEAD_HASH, head)
        .set(FEED.LEASE_EPOCH, epoch)
        .set(FEED.COMMITTED_AT, DSL.field("now()", FEED.COMMITTED_AT.getDataType()))
        .execute();
  }
}
