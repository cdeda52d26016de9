package network.tachi.gateway;

import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import network.tachi.proto.v1.DirectPayment;
import network.tachi.proto.v1.Rail;
import network.tachi.proto.v1.UsageEntry;
import network.tachi.proto.v1.Voucher;

/** Writes paid requests as {@code tachi.v1} entries. A request is one unit. */
final class UsageEntries {
  private UsageEntries() {}

  /** A request paid on chain for itself. */
  static UsageEntry direct(AuthorizationRow row, Hash transaction) {
    return entry(
            Rail.DIRECT,
            row.key().from(),
            row.licenseId(),
            row.contentId(),
            row.requestId(),
            row.value())
        .setPayment(
            DirectPayment.newBuilder()
                .setChainId(row.key().chain().value())
                .setPaymentId(row.paymentId().toString())
                .setTxHash(transaction.toString()))
        .build();
  }

  /** A request charged to a voucher. */
  static UsageEntry credit(
      CrawlVoucher voucher, Bytes signature, Hash contentId, Hash requestId, UsdcAmount price) {
    return entry(Rail.CREDIT, voucher.crawler(), voucher.licenseId(), contentId, requestId, price)
        .setVoucher(
            Voucher.newBuilder()
                .setCrawler(voucher.crawler().toString())
                .setLicenseId(voucher.licenseId().toString())
                .setCumulativeMax(voucher.cumulativeMax().toString())
                .setTermsHash(voucher.termsHash().toString())
                .setSignature(signature.toString()))
        .build();
  }

  private static UsageEntry.Builder entry(
      Rail rail,
      Address crawler,
      LicenseId licenseId,
      Hash contentId,
      Hash requestId,
      UsdcAmount price) {
    return UsageEntry.newBuilder()
        .setRail(rail)
        .setCrawler(crawler.toString())
        .setLicenseId(licenseId.toString())
        .setContentId(contentId.toString())
        .setRequestId(requestId.toString())
        .setUnits("1")
        .setUnitPrice(price.toString());
  }
}
