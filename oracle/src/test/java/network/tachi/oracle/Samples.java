package network.tachi.oracle;

import java.util.Map;
import java.util.Set;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.contracts.wire.UsageAttestation.Service;
import network.tachi.contracts.wire.WireDomain;
import network.tachi.evm.Address;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.evm.PrivateKey;
import network.tachi.evm.Secp256k1;
import network.tachi.evm.Signer;
import network.tachi.evm.UsdcAmount;
import network.tachi.oracle.IntakeFacts.KnownPayment;
import network.tachi.oracle.IntakeFacts.LicenseState;
import network.tachi.oracle.IntakeFacts.PublishedTerms;
import network.tachi.oracle.IntakeFacts.RegisteredSigner;
import network.tachi.oracle.IntakeFacts.SignerTerm;

/** Requests, vouchers and facts that agree with each other, for tests to break one at a time. */
final class Samples {
  static final ChainId CHAIN = ChainId.BASE_SEPOLIA;
  static final WireDomain.Credit DOMAIN =
      WireDomain.credit(CHAIN, Address.parse("0x00000000000000000000000000000000000000e5"));
  static final LicenseId LICENSE = LicenseId.of(7);
  static final Hash TERMS = Keccak.hash("terms");
  static final Hash PAYMENT = Keccak.hash("payment");
  static final Signer CRAWLER = signer("crawler");
  static final Signer DELEGATE = signer("delegate");

  private Samples() {}

  /** The signer whose key is the hash of a name. */
  static Signer signer(String name) {
    return Signer.of(PrivateKey.of(Keccak.hash(name).toBytes()));
  }

  static Service service(Signer crawler, LicenseId license, String request, long price) {
    return new Service(
        crawler.address(),
        license,
        Keccak.hash("content"),
        Keccak.hash(request),
        1,
        UsdcAmount.of(price));
  }

  static CrawlVoucher voucher(Signer crawler, LicenseId license, long cumulativeMax) {
    return new CrawlVoucher(crawler.address(), license, UsdcAmount.of(cumulativeMax), TERMS);
  }

  static SignedVoucher signed(CrawlVoucher voucher, Signer signer) {
    return SignedVoucher.of(voucher, signer.sign(voucher.digest(DOMAIN)), DOMAIN, Secp256k1.best())
        .orElseThrow();
  }

  /** A request on CREDIT, with a voucher up to a ceiling that the crawler signed. */
  static CreditRequest credit(String request, long price, long cumulativeMax) {
    return credit(CRAWLER, LICENSE, request, price, cumulativeMax);
  }

  static CreditRequest credit(
      Signer crawler, LicenseId license, String request, long price, long cumulativeMax) {
    CrawlVoucher voucher = voucher(crawler, license, cumulativeMax);
    return new CreditRequest(service(crawler, license, request, price), signed(voucher, crawler));
  }

  static DirectRequest direct(String request, long price) {
    return new DirectRequest(
        service(CRAWLER, LICENSE, request, price), CHAIN, PAYMENT, Keccak.hash("transaction"));
  }

  /** Facts under which every sample is in order. */
  static IntakeFacts facts() {
    return new IntakeFacts(
        CHAIN,
        Map.of(LICENSE, new LicenseState(true, false, true)),
        Map.of(
            new RegisteredSigner(CRAWLER.address(), DELEGATE.address()),
            new SignerTerm(true, false, 4_000_000_000L, 2_000_000_000L)),
        Set.of(new PublishedTerms(LICENSE, TERMS)),
        Map.of(PAYMENT, new KnownPayment(LICENSE, CRAWLER.address(), UsdcAmount.of(1_000))));
  }
}
