package network.tachi.oracle;

import static network.tachi.oracle.Samples.CHAIN;
import static network.tachi.oracle.Samples.CRAWLER;
import static network.tachi.oracle.Samples.DELEGATE;
import static network.tachi.oracle.Samples.DOMAIN;
import static network.tachi.oracle.Samples.LICENSE;
import static network.tachi.oracle.Samples.PAYMENT;
import static network.tachi.oracle.Samples.TERMS;
import static network.tachi.oracle.Samples.credit;
import static network.tachi.oracle.Samples.direct;
import static network.tachi.oracle.Samples.facts;
import static network.tachi.oracle.Samples.signed;
import static network.tachi.oracle.Samples.signer;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Secp256k1;
import network.tachi.evm.Signer;
import network.tachi.evm.UsdcAmount;
import network.tachi.oracle.IntakeFacts.KnownPayment;
import network.tachi.oracle.IntakeFacts.LicenseState;
import network.tachi.oracle.IntakeFacts.RegisteredSigner;
import network.tachi.oracle.IntakeFacts.SignerTerm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntakeRulesTest {
  private final List<IntakeRule> rules = IntakeRule.all();

  private Optional<String> refusal(PaidRequest request, IntakeFacts facts) {
    return rules.stream()
        .flatMap(rule -> rule.check(request, facts).stream())
        .map(Refusal::code)
        .findFirst();
  }

  @Test
  void requestInOrder_shouldPassEveryRule() {
    assertThat(refusal(credit("a", 5, 5), facts())).isEmpty();
    assertThat(refusal(direct("b", 1_000), facts())).isEmpty();
  }

  @Test
  void rules_shouldHaveDistinctCodes() {
    assertThat(rules).extracting(IntakeRule::code).doesNotHaveDuplicates().hasSize(8);
  }

  @ParameterizedTest
  @CsvSource({"false,false,true", "true,true,true", "true,false,false"})
  void licenceThatMayNotEarn_shouldBeRefused(boolean active, boolean suspended, boolean verified) {
    IntakeFacts facts = withLicense(Map.of(LICENSE, new LicenseState(active, suspended, verified)));
    assertThat(refusal(credit("a", 5, 5), facts)).contains("license_not_payable");
    assertThat(refusal(direct("a", 5), facts)).contains("license_not_payable");
  }

  @Test
  void unknownLicence_shouldBeRefused() {
    assertThat(refusal(credit("a", 5, 5), withLicense(Map.of()))).contains("license_not_payable");
  }

  @Test
  void voucherOfAnotherCrawlerOrLicence_shouldBeRefused() {
    CreditRequest good = credit("a", 5, 5);
    CreditRequest otherCrawler = credit(DELEGATE, LICENSE, "a", 5, 5);
    CreditRequest otherLicense = credit(CRAWLER, LicenseId.of(8), "a", 5, 5);
    for (CreditRequest other : List.of(otherCrawler, otherLicense)) {
      assertThat(refusal(new CreditRequest(good.service(), other.signed()), facts()))
          .contains("voucher_mismatch");
    }
  }

  @Test
  void voucherOfARegisteredSigner_shouldPass() {
    assertThat(refusal(signedBy(DELEGATE), facts())).isEmpty();
  }

  @Test
  void voucherOfAnUnknownSigner_shouldBeRefused() {
    assertThat(refusal(signedBy(signer("stranger")), facts())).contains("voucher_signature");
  }

  @Test
  void voucherOfASignerThatIsNotSafeYet_shouldBeRefused() {
    assertThat(refusal(signedBy(DELEGATE), withSigner(new SignerTerm(false, false, 900, 800))))
        .contains("voucher_signature");
  }

  @Test
  void voucherOfASignerWhoseEndIsNear_shouldBeRefused() {
    assertThat(refusal(signedBy(DELEGATE), withSigner(new SignerTerm(true, true, 900, 800))))
        .contains("voucher_signer_ending");
    assertThat(refusal(signedBy(DELEGATE), withSigner(new SignerTerm(true, false, 799, 800))))
        .contains("voucher_signer_ending");
    assertThat(refusal(signedBy(DELEGATE), withSigner(new SignerTerm(true, false, 800, 800))))
        .isEmpty();
    assertThat(refusal(credit("a", 5, 5), withSigner(new SignerTerm(true, true, 1, 800))))
        .isEmpty();
  }

  @Test
  void changedVoucher_shouldBeRefused() {
    CreditRequest good = credit("a", 5, 5);
    CrawlVoucher higher = new CrawlVoucher(CRAWLER.address(), LICENSE, UsdcAmount.of(6), TERMS);
    Optional<SignedVoucher> changed =
        SignedVoucher.of(higher, good.signed().signature(), DOMAIN, Secp256k1.best());
    changed.ifPresent(signed ->
        assertThat(refusal(new CreditRequest(good.service(), signed), facts()))
            .contains("voucher_signature"));
  }

  @Test
  void termsThatWereNeverPublished_shouldBeRefused() {
    CrawlVoucher voucher =
        new CrawlVoucher(CRAWLER.address(), LICENSE, UsdcAmount.of(5), Keccak.hash("others"));
    CreditRequest request =
        new CreditRequest(credit("a", 5, 5).service(), signed(voucher, CRAWLER));
    assertThat(refusal(request, facts())).contains("terms_unknown");
  }

  @Test
  void paymentOnAnotherChain_shouldBeRefused() {
    DirectRequest good = direct("a", 5);
    assertThat(
            refusal(
                new DirectRequest(
                    good.service(), ChainId.SEPOLIA, good.paymentId(), good.transaction()),
                facts()))
        .contains("payment_chain");
  }

  @Test
  void paymentThatIsNotOnChain_shouldBeRefused() {
    assertThat(refusal(direct("a", 5), withPayments(Map.of()))).contains("payment_unknown");
  }

  @Test
  void paymentByAnotherOrToAnotherOrTooSmall_shouldBeRefused() {
    for (KnownPayment payment :
        List.of(
            new KnownPayment(LICENSE, DELEGATE.address(), UsdcAmount.of(5)),
            new KnownPayment(LicenseId.of(8), CRAWLER.address(), UsdcAmount.of(5)),
            new KnownPayment(LICENSE, CRAWLER.address(), UsdcAmount.of(4)))) {
      assertThat(refusal(direct("a", 5), withPayments(Map.of(PAYMENT, payment))))
          .contains("payment_mismatch");
    }
  }

  private static CreditRequest signedBy(Signer signer) {
    CreditRequest good = credit("a", 5, 5);
    return new CreditRequest(good.service(), signed(good.voucher(), signer));
  }

  private static IntakeFacts withSigner(SignerTerm term) {
    RegisteredSigner signer = new RegisteredSigner(CRAWLER.address(), DELEGATE.address());
    return new IntakeFacts(
        CHAIN, facts().licenses(), Map.of(signer, term), facts().terms(), facts().payments());
  }

  private static IntakeFacts withLicense(Map<LicenseId, LicenseState> licenses) {
    return new IntakeFacts(CHAIN, licenses, Map.of(), facts().terms(), facts().payments());
  }

  private static IntakeFacts withPayments(Map<Hash, KnownPayment> payments) {
    return new IntakeFacts(CHAIN, facts().licenses(), facts().signers(), facts().terms(), payments);
  }
}
