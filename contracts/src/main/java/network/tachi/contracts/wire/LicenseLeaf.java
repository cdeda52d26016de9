package network.tachi.contracts.wire;

import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.WordBuffer;

/**
 * What a licence has earned from all crawlers: a leaf of the credit tree (wire.md section 5).
 *
 * @param licenseId who is paid
 * @param cumulative since the first epoch
 * @param pairCount crawlers that owe it, unsigned
 * @param pairRoot root hash of its pairs, ascending by crawler
 */
public record LicenseLeaf(LicenseId licenseId, UsdcAmount cumulative, long pairCount, Hash pairRoot)
    implements PartyLeaf<LicenseId> {
  /** The number of words of the ABI encoding. */
  public static final int WORDS = 4;

  private static final byte TAG = 0x03;

  @Override
  public LicenseId key() {
    return licenseId;
  }

  @Override
  public byte[] encode() {
    return new WordBuffer(WORDS)
        .license(licenseId)
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
