package network.tachi.contracts.wire;

import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.WordBuffer;

/**
 * What a crawler owes a licence in total (wire.md section 5). The {@code long} numbers are
 * unsigned.
 *
 * @param crawler who pays
 * @param licenseId who is paid
 * @param cumulative all that was charged since the first epoch
 * @param lastPairSeq of the pair's last line
 * @param lastLogIndex of the pair's last line
 * @param voucherHash that the pair's last line names
 */
public record PairLeaf(
    Address crawler,
    LicenseId licenseId,
    UsdcAmount cumulative,
    long lastPairSeq,
    long lastLogIndex,
    Hash voucherHash)
    implements SettlementLeaf {
  /** The number of words of the ABI encoding. */
  public static final int WORDS = 6;

  private static final byte TAG = 0x02;

  /** The pair leaf that follows from the pair's last CREDIT line. */
  public static PairLeaf of(UsageAttestation last) {
    return new PairLeaf(
        last.crawler(),
        last.licenseId(),
        last.pairCumulative(),
        last.pairSeq(),
        last.logIndex(),
        last.paymentRef());
  }

  @Override
  public byte[] encode() {
    return new WordBuffer(WORDS)
        .address(crawler)
        .license(licenseId)
        .amount(cumulative)
        .uint64(lastPairSeq)
        .uint64(lastLogIndex)
        .hash(voucherHash)
        .toBytes();
  }

  @Override
  public SumNode node() {
    return SettlementLeaf.node(TAG, this);
  }
}
