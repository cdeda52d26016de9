package network.tachi.testkit.chain;

import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;

/**
 * A block of a generated chain: its header and the seeds from which its body is made again.
 *
 * @param number its number
 * @param hash its hash
 * @param parentHash the block before
 * @param timestamp seconds since 1970
 * @param stateRoot invented
 * @param transactionsRoot the true one
 * @param receiptsRoot the true one
 * @param logsBloom the true one
 * @param gasUsed units of gas
 * @param size bytes of its encoding, about
 * @param transactionHashes the hashes of its transactions, one after the other
 * @param contentSeed of its content; 0 if nothing happens in it
 * @param salt of this block alone
 */
public record ChainBlock(
    long number,
    Hash hash,
    Hash parentHash,
    long timestamp,
    Hash stateRoot,
    Hash transactionsRoot,
    Hash receiptsRoot,
    Bytes logsBloom,
    long gasUsed,
    int size,
    Bytes transactionHashes,
    long contentSeed,
    long salt) {
  /** Number and hash. */
  @Override
  public String toString() {
    return number + " " + hash;
  }
}
