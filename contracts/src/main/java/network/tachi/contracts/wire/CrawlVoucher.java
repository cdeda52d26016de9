package network.tachi.contracts.wire;

import network.tachi.evm.Address;
import network.tachi.evm.Eip712;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.WordBuffer;

/**
 * A ceiling on what a licence may charge a crawler in total, signed by the crawler or one of its
 * registered signers (wire.md section 3).
 *
 * @param crawler who pays
 * @param licenseId who is paid
 * @param cumulativeMax the most that may ever be charged to this pair
 * @param termsHash hash of the policy the crawler agreed to
 */
public record CrawlVoucher(
    Address crawler, LicenseId licenseId, UsdcAmount cumulativeMax, Hash termsHash) {
  /** The EIP-712 type hash. */
  public static final Hash TYPE_HASH =
      Eip712.typeHash(
          "CrawlVoucher(address crawler,uint256 licenseId,uint128 cumulativeMax,bytes32"
              + " termsHash)");

  /** The struct's hash, without domain. */
  public Hash structHash() {
    return WordBuffer.struct(TYPE_HASH, 4)
        .address(crawler)
        .license(licenseId)
        .amount(cumulativeMax)
        .hash(termsHash)
        .keccak();
  }

  /** What is signed; also the {@code voucherHash} that leaves name. */
  public Hash digest(WireDomain.Credit domain) {
    return Eip712.digest(domain.separator(), structHash());
  }
}
