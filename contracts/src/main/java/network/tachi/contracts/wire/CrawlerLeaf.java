package network.tachi.contracts.wire;

import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.WordBuffer;

/**
 * What a crawler owes to all licences: a leaf of the debit tree (wire.md section 5).
 *
 * @param crawler who pays
 * @param cumulative since the first epoch
 * @param pairCount licences it owes, unsigned
 * @param pairRoot root hash of its pairs, ascending by licence id
 */
public record CrawlerLeaf(Address crawler, UsdcAmount cumulative, long pairCount, Hash pairRoot)
    implements PartyLeaf<Address> {
  /** The number of words of the ABI encoding. */
  public static final int WORDS = 4;

  private static final byte TAG = 0x04;

  @Override
  public Address key() {
    return crawler;
  }

  @Override
  public byte[] encode() {
    return new WordBuffer(WORDS)
        .address(crawler)
        .amount(cumulative)
        .uint64(pairCount)
        .hash(pairRoot)
        .toBytes();
  }

  @Override
  public SumNode node() {
    return SettlementLeaf.node(TAG, this);
  }
}
