package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.BLOCK;

import java.util.List;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.TableRecord;

/**
 * The state digest of a chain: one hash that stands for every event row up to a block
 * (docs/indexer.md). Blocks without events leave it as it is.
 */
final class StateDigest {
  private static final String DOMAIN = "tachi.state.1";

  private final CanonicalRow bytes = new CanonicalRow();
  private Hash current;

  private StateDigest(Hash current) {
    this.current = current;
  }

  /** The digest of a chain of which nothing is stored. */
  static StateDigest empty(ChainId chain, Hash genesis) {
    Hash seed =
        new CanonicalRow().hash(Keccak.hash(DOMAIN)).word(chain.value()).hash(genesis).keccak();
    return new StateDigest(seed);
  }

  /** The digest after a block, to go on from it. */
  static StateDigest after(Hash digest) {
    return new StateDigest(digest);
  }

  /** The digest that the store gives for a height. */
  static StateDigest stored(DSLContext tx, ChainId chain, Hash genesis, long upTo) {
    return tx.select(BLOCK.DIGEST)
        .from(BLOCK)
        .where(BLOCK.CHAIN_ID.eq(chain.value()))
        .and(BLOCK.NUMBER.le(upTo))
        .and(BLOCK.DIGEST.isNotNull())
        .orderBy(BLOCK.NUMBER.desc())
        .limit(1)
        .fetchOptional(BLOCK.DIGEST)
        .map(StateDigest::after)
        .orElseGet(() -> empty(chain, genesis));
  }

  /** The digest now. */
  Hash current() {
    return current;
  }

  /**
   * Goes on to a block.
   *
   * @param block the block
   * @param rows the rows of its events in the order of the chain, with their table; none leave the
   *     digest as it is
   * @return the digest after it
   */
  Hash next(BlockId block, List<? extends TableRecord<?>> rows) {
    if (rows.isEmpty()) {
      return current;
    }
    bytes.clear().hash(current).word(block.number()).hash(block.hash());
    for (TableRecord<?> row : rows) {
      bytes.row(row.getTable(), (Record) row);
    }
    current = bytes.keccak();
    return current;
  }
}
