package network.tachi.indexer;

import network.tachi.evm.Hash;

/**
 * A block as its neighbours see it.
 *
 * @param number the height
 * @param hash the hash of its header
 * @param parentHash the hash of the header below
 * @param timestamp seconds since 1970; several blocks may share one
 */
record BlockPoint(long number, Hash hash, Hash parentHash, long timestamp) {
  BlockPoint {
    if (number < 0 || timestamp < 0) {
      throw new IllegalArgumentException("block " + number + " at second " + timestamp);
    }
  }

  /** The block's name. */
  BlockId id() {
    return new BlockId(number, hash);
  }

  /** Whether this block names the other as its parent. */
  boolean follows(BlockPoint parent) {
    return number == parent.number + 1 && parentHash.equals(parent.hash);
  }

  @Override
  public String toString() {
    return number + " " + hash;
  }
}
