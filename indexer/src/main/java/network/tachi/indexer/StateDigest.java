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
  private long block;

  private StateDigest(long block, Hash current) {
    this.block = block;
    this.current = current;
  }

  /** The digest of a chain of which nothing is stored. */
  static StateDigest empty(ChainId chain, Hash genesis) {
    Hash seed =
        new CanonicalRow().hash(Keccak.hash(DOMAIN)).word(chain.value()).hash(genesis).keccak();
    return new StateDigest(-1, seed);
  }

  /** The digest that the store gives for a height. */
  static StateDigest stored(DSLContext tx, ChainId chain, Hash genesis, long upTo) {
    return tx.select(BLOCK.NUMBER, BLOCK.DIGEST)
        .from(BLOCK)
        .where(BLOCK.CHAIN_ID.eq(chain.value()))
        .and(BLOCK.NUMBER.le(upTo))
        .and(BLOCK.DIGEST.isNotNull())
        .orderBy(BLOCK.NUMBER.desc())
        .limit(1)
        .fetchOptional()
        .map(row -> new StateDigest(row.value1(), row.value2()))
        .orElseGet(() -> empty(chain, genesis));
  }

  /** The digest now. */
  Hash current() {
    return current;
  }

  /** The height of the newest block in it; -1 if there is none. */
  long block() {
    return block;
  }

  /**
   * Goes on to a block.
   *
   * @param at the block
   * @param rows the rows of its events in the order of the chain, with their table; none leave the
   *     digest as it is
   * @return the digest after it
   */
  Hash next(BlockId at, List<? extends TableRecord<?>> rows) {
    if (rows.isEmpty()) {
      return current;
    }
    bytes.clear().hash(current).word(at.number()).hash(at.hash());
    for (TableRecord<?> row : rows) {
      bytes.row(row.getTable(), (Record) row);
    }
    block = at.number();
    current = bytes.keccak();
    return current;
  }
}
