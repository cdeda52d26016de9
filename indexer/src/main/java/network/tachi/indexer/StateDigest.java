package network.tachi.indexer;

import java.util.List;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import org.jooq.TableRecord;

/**
 * The state digest of a chain: one hash that stands for every event row up to a block
 * (docs/indexer.md). Blocks without events leave it as it is. Confined to one thread.
 */
final class StateDigest {
  private static final Hash DOMAIN = Keccak.hash("tachi.state.1");

  private final CanonicalBytes bytes = new CanonicalBytes();
  private final DigestSink sink = new DigestSink(bytes);
  private Hash current;
  private long block;

  private StateDigest(long block, Hash current) {
    this.block = block;
    this.current = current;
  }

  /** The digest of a chain of which nothing is stored. */
  static StateDigest empty(ChainId chain) {
    return new StateDigest(-1, new CanonicalBytes().hash(DOMAIN).word(chain.value()).keccak());
  }

  /** The digest after a block, to go on from it. */
  static StateDigest after(long block, Hash digest) {
    return new StateDigest(block, digest);
  }

  /** The digest now. */
  Hash current() {
    return current;
  }

  /** The height of the newest block in it; -1 if there is none. */
  long block() {
    return block;
  }

  /** Goes on to a block that is to be stored, and returns the digest after it. */
  Hash next(VerifiedBlock next) {
    if (!next.events().isEmpty()) {
      begin(next.point().id());
      next.events().forEach(event -> EventRows.write(event, sink));
      end(next.point().number());
    }
    return current;
  }

  /**
   * Goes on to a block that is stored, and returns the digest after it.
   *
   * @param rows the rows of its events in the order of the chain
   */
  Hash next(BlockId next, List<TableRecord<?>> rows) {
    if (!rows.isEmpty()) {
      begin(next);
      rows.forEach(bytes::row);
      end(next.number());
    }
    return current;
  }

  private void begin(BlockId next) {
    bytes.clear().hash(current).word(next.number()).hash(next.hash());
  }

  private void end(long number) {
    block = number;
    current = bytes.keccak();
  }
}
