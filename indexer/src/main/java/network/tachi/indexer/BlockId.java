package network.tachi.indexer;

import network.tachi.evm.Hash;

/**
 * Names a block.
 *
 * @param number the height
 * @param hash the hash of its header
 */
record BlockId(long number, Hash hash) {
  @Override
  public String toString() {
    return number + " " + hash;
  }
}
