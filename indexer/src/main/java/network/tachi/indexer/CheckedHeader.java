package network.tachi.indexer;

import network.tachi.evm.rpc.BlockHeader;

/**
 * A header that did not fail the check of its hash.
 *
 * @param header the header
 * @param proven whether its hash was recomputed; false if it has fields that cannot be hashed here
 */
record CheckedHeader(BlockHeader header, boolean proven) {
  /** The header as its neighbours see it. */
  BlockPoint point() {
    return new BlockPoint(header.number(), header.hash(), header.parentHash(), header.timestamp());
  }

  /** The block's name. */
  BlockId id() {
    return new BlockId(header.number(), header.hash());
  }

  /** The height. */
  long number() {
    return header.number();
  }
}
