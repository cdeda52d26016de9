package network.tachi.indexer;

import static network.tachi.store.jooq.projection.Tables.BLOCK_DIGEST;

import java.util.List;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.store.CopyRows;
import network.tachi.store.jooq.projection.tables.records.BlockDigestRecord;
import org.jooq.DSLContext;

/** The state digests of a chain in the store. Not for use by many threads. */
final class BlockDigests {
  private final ChainId chain;
  private final CopyRows rows = new CopyRows(BLOCK_DIGEST);

  BlockDigests(ChainId chain) {
    this.chain = chain;
  }

  /** The digest as of a height. */
  StateDigest at(DSLContext tx, long height) {
    return tx.select(BLOCK_DIGEST.NUMBER, BLOCK_DIGEST.DIGEST)
        .from(BLOCK_DIGEST)
        .where(BLOCK_DIGEST.CHAIN_ID.eq(chain.value()))
        .and(BLOCK_DIGEST.NUMBER.le(height))
        .orderBy(BLOCK_DIGEST.NUMBER.desc())
        .limit(1)
        .fetchOptional()
        .map(row -> StateDigest.after(row.value1(), row.value2()))
        .orElseGet(() -> StateDigest.empty(chain));
  }

  /** Writes the digests of blocks on top of what is stored. */
  void write(DSLContext tx, List<VerifiedBlock> blocks) {
    if (blocks.stream().allMatch(block -> block.events().isEmpty())) {
      return;
    }
    rows.clear();
    StateDigest digest = at(tx, Long.MAX_VALUE);
    for (VerifiedBlock block : blocks) {
      if (!block.events().isEmpty()) {
        add(block.point().id(), digest.next(block));
      }
    }
    rows.flush(tx);
  }

  private void add(BlockId block, Hash digest) {
    rows.add(
        new BlockDigestRecord()
            .with(BLOCK_DIGEST.CHAIN_ID, chain.value())
            .with(BLOCK_DIGEST.NUMBER, block.number())
            .with(BLOCK_DIGEST.HASH, block.hash())
            .with(BLOCK_DIGEST.DIGEST, digest));
  }

  /** Writes the digests of blocks whose rows are stored. */
  void derive(DSLContext tx, StateDigest before, List<StoredEvents.StoredBlock> blocks) {
    rows.clear();
    for (StoredEvents.StoredBlock block : blocks) {
      if (!block.rows().isEmpty()) {
        add(block.point().id(), before.next(block.point().id(), block.rows()));
      }
    }
    rows.flush(tx);
  }

  /** Takes back the digests of blocks above a height. */
  void unwind(DSLContext tx, long above) {
    tx.deleteFrom(BLOCK_DIGEST)
        .where(BLOCK_DIGEST.CHAIN_ID.eq(chain.value()))
        .and(BLOCK_DIGEST.NUMBER.gt(above))
        .execute();
  }
}
