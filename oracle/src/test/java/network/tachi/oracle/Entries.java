package network.tachi.oracle;

import network.tachi.contracts.wire.UsageAttestation.Service;
import network.tachi.proto.v1.DirectPayment;
import network.tachi.proto.v1.Rail;
import network.tachi.proto.v1.UsageEntry;
import network.tachi.proto.v1.Voucher;

/** Writes requests as a gateway does. */
final class Entries {
  private Entries() {}

  static UsageEntry of(PaidRequest request) {
    Service service = request.service();
    UsageEntry.Builder entry =
        UsageEntry.newBuilder()
            .setCrawler(service.crawler().toString())
            .setLicenseId(service.licenseId().toString())
            .setContentId(service.contentId().toString())
            .setRequestId(service.requestId().toString())
            .setUnits(Long.toString(service.units()))
            .setUnitPrice(service.unitPrice().toString());
    return switch (request) {
      case CreditRequest credit -> entry.setRail(Rail.CREDIT).setVoucher(voucher(credit)).build();
      case DirectRequest direct -> entry.setRail(Rail.DIRECT).setPayment(payment(direct)).build();
    };
  }

  private static Voucher voucher(CreditRequest credit) {
    return Voucher.newBuilder()
        .setCrawler(credit.voucher().crawler().toString())
        .setLicenseId(credit.voucher().licenseId().toString())
        .setCumulativeMax(credit.voucher().cumulativeMax().toString())
        .setTermsHash(credit.voucher().termsHash().toString())
        .setSignature(credit.signed().signature().toString())
        .build();
  }

  private static DirectPayment payment(DirectRequest direct) {
    return DirectPayment.newBuilder()
        .setChainId(direct.chain().value())
        .setPaymentId(direct.paymentId().toString())
        .setTxHash(direct.transaction().toString())
        .build();
  }
}
