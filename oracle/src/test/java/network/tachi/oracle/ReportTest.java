package network.tachi.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import network.tachi.contracts.call.PaymentProcessorCalls;
import network.tachi.contracts.web3j.Usdc;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Eip3009;
import network.tachi.evm.Eip712;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Secp256k1;
import network.tachi.evm.Signature;
import network.tachi.evm.Signer;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.Receipt;
import network.tachi.proto.v1.EntryResult;
import network.tachi.proto.v1.Pair;
import network.tachi.proto.v1.SignedAttestation;
import network.tachi.proto.v1.UsageEntry;
import network.tachi.server.ApiException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final LicenseId SITE = LicenseId.of(1);
  private static Chains chains;

  private final Signer crawler = Samples.signer("crawler");
  @TempDir private Path directory;
  private Rig rig;
  private Rig.Running oracle;

  @BeforeAll
  static void deploy() {
    chains = new Chains();
  }

  @AfterAll
  static void stop() {
    chains.close();
  }

  @BeforeEach
  void start() {
    chains.reset();
    rig = new Rig(chains, directory);
    rig.license(SITE);
    rig.indexDeposit(crawler.address(), UsdcAmount.of(1_000));
    oracle = rig.start();
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private static String refusal(EntryResult result) {
    return result.hasRefused() ? result.getRefused().getCode() : "attested";
  }

  @Test
  void reportedRequest_shouldBeAttestedWithItsPlaceInTheLog() {
    CreditRequest request = rig.credit(crawler, SITE, "a", 7, 50);
    EntryResult result = oracle.report(request).getFirst();

    assertThat(result.getRequestId()).isEqualTo(request.service().requestId().toString());
    SignedAttestation attested = result.getAttested();
    assertThat(attested.getAttestation().getLogIndex()).isEqualTo("0");
    assertThat(attested.getAttestation().getPairSeq()).isEqualTo("1");
    assertThat(attested.getAttestation().getPairPrevIndex()).isEqualTo("18446744073709551615");
    assertThat(attested.getAttestation().getPaymentRef())
        .isEqualTo(request.signed().hash().toString());
    UsageAttestation leaf = leaf(0);
    assertThat(attested.getLeafHash()).isEqualTo(leaf.leafHash().toString());
    assertThat(
            Secp256k1.best()
                .verify(
                    leaf.digest(rig.meteringDomain()),
                    Signature.parse(attested.getSignature()),
                    chains.keys.attestation().address()))
        .isTrue();
  }

  private UsageAttestation leaf(long index) {
    return rig.owner.snapshot(tx -> new LogTable().entries(tx, index, index + 1)).getFirst();
  }

  @Test
  void sameRequestAgain_shouldGetTheSameAttestation() {
    CreditRequest request = rig.credit(crawler, SITE, "a", 7, 50);
    EntryResult first = oracle.report(request).getFirst();
    oracle.report(rig.credit(crawler, SITE, "b", 7, 50));
    assertThat(oracle.report(request).getFirst()).isEqualTo(first);
    assertThat(oracle.report(rig.credit(crawler, SITE, "a", 7, 90)).getFirst()).isEqualTo(first);
    rig.suspend(SITE);
    assertThat(oracle.report(request).getFirst()).isEqualTo(first);
    assertThat(oracle.pair(crawler.address(), SITE).getCharged()).isEqualTo("14");
  }

  @Test
  void sameRequestTwiceInOneReport_shouldBeLoggedOnce() {
    CreditRequest request = rig.credit(crawler, SITE, "a", 7, 50);
    List<EntryResult> results = oracle.report(request, request);
    assertThat(results.get(0)).isEqualTo(results.get(1));
    assertThat(oracle.pair(crawler.address(), SITE).getCharged()).isEqualTo("7");
  }

  @Test
  void sameRequestWithOtherContent_shouldBeRefused() {
    oracle.report(rig.credit(crawler, SITE, "a", 7, 50));
    assertThat(refusal(oracle.report(rig.credit(crawler, SITE, "a", 8, 50)).getFirst()))
        .isEqualTo("request_conflict");
  }

  @Test
  void refusedEntries_shouldLeaveTheOthersAlone() {
    Signer stranger = Samples.signer("stranger");
    UsageEntry malformed =
        Entries.of(rig.credit(crawler, SITE, "m", 1, 50)).toBuilder().setUnits("x").build();
    List<UsageEntry> entries = new ArrayList<>();
    entries.add(malformed);
    for (PaidRequest request :
        List.of(
            rig.credit(crawler, SITE, "ok1", 10, 100),
            rig.credit(crawler, LicenseId.of(9), "l", 1, 50),
            rig.credit(crawler, stranger, SITE, "s", 1, 50, Rig.TERMS),
            rig.credit(crawler, crawler, SITE, "t", 1, 50, Keccak.hash("others")),
            rig.credit(crawler, SITE, "c", 91, 100),
            rig.credit(crawler, SITE, "d", 995, 5_000),
            rig.direct(crawler.address(), SITE, "p", 1, Keccak.hash("no"), Keccak.hash("no")),
            rig.credit(crawler, SITE, "ok2", 5, 100))) {
      entries.add(Entries.of(request));
    }
    assertThat(oracle.report(entries).stream().map(ReportTest::refusal))
        .containsExactly(
            "malformed",
            "attested",
            "license_not_payable",
            "voucher_signature",
            "terms_unknown",
            "voucher_exceeded",
            "credit_insufficient",
            "payment_unknown",
            "attested");
    assertThat(
            rig.meters.get("tachi.oracle.refused").tag("rule", "terms_unknown").counter().count())
        .isEqualTo(1);
  }

  @Test
  void credit_shouldCountOnlySafeDepositsLessThawing() {
    Signer other = Samples.signer("other crawler");
    int block = rig.indexDeposit(other.address(), UsdcAmount.of(100));
    rig.safe(block - 1L);
    assertThat(refusal(oracle.report(rig.credit(other, SITE, "a", 1, 500)).getFirst()))
        .isEqualTo("credit_insufficient");
    rig.safe(block);
    assertThat(refusal(oracle.report(rig.credit(other, SITE, "a", 1, 500)).getFirst()))
        .isEqualTo("attested");
    rig.thaw(other.address(), 60);
    assertThat(refusal(oracle.report(rig.credit(other, SITE, "b", 40, 500)).getFirst()))
        .isEqualTo("credit_insufficient");
    assertThat(refusal(oracle.report(rig.credit(other, SITE, "b", 39, 500)).getFirst()))
        .isEqualTo("attested");
  }

  @Test
  void thawThatEnded_shouldCountUntilItsEndIsSafe() {
    Address thawing = Samples.signer("thawing").address();
    rig.indexDeposit(thawing, UsdcAmount.of(100));
    int started = rig.thaw(thawing, 60);
    rig.safe(started);
    assertThat(credit("thawing", 41)).isEqualTo("credit_insufficient");
    int cancelled = rig.cancelThaw(thawing);
    assertThat(credit("thawing", 41)).isEqualTo("credit_insufficient");
    rig.safe(cancelled);
    assertThat(credit("thawing", 41)).isEqualTo("attested");
  }

  @Test
  void thawThatWasReplaced_shouldCountUntilThatIsSafe() {
    Address thawing = Samples.signer("thawing").address();
    rig.indexDeposit(thawing, UsdcAmount.of(100));
    rig.safe(rig.thaw(thawing, 60));
    int replaced = rig.thaw(thawing, 10);
    assertThat(credit("thawing", 41)).isEqualTo("credit_insufficient");
    rig.safe(replaced);
    assertThat(credit("thawing", 90)).isEqualTo("attested");
  }

  @Test
  void thawThatWasWithdrawn_shouldCountOnceBeforeAndAfterThatIsSafe() {
    Address thawing = Samples.signer("thawing").address();
    rig.indexDeposit(thawing, UsdcAmount.of(100));
    rig.safe(rig.thaw(thawing, 60));
    int withdrawn = rig.withdraw(thawing, 50, 50);
    assertThat(credit("thawing", 41)).isEqualTo("credit_insufficient");
    assertThat(credit("thawing", 40)).isEqualTo("attested");
    rig.safe(withdrawn);
    assertThat(credit("thawing", 11)).isEqualTo("credit_insufficient");
    assertThat(credit("thawing", 10)).isEqualTo("attested");
    rig.thaw(thawing, 1);
    assertThat(credit("thawing", 1)).isEqualTo("credit_insufficient");
  }

  private String credit(String who, long price) {
    return refusal(
        oracle.report(rig.credit(Samples.signer(who), SITE, "of " + price, price, 500)).getFirst());
  }

  @Test
  void indexThatFellBehind_shouldGiveNoCreditAndSaySo() {
    rig.indexAge(rig.config.maxIndexAge().plusSeconds(30));
    CreditRequest request = rig.credit(crawler, SITE, "a", 1, 50);
    assertThat(refusal(oracle.report(request).getFirst())).isEqualTo("index_stale");
    assertThat(rig.meters.get("tachi.oracle.refused").tag("rule", "index_stale").counter().count())
        .isEqualTo(1);
    Await.until(
        "not being ready",
        () -> "",
        () -> oracle.role.readiness().failures().toString().contains("index_stale"));
    assertThat(rig.meters.get("tachi.oracle.index.age.seconds").gauge().value())
        .isGreaterThan((double) rig.config.maxIndexAge().toSeconds());

    rig.indexAge(Duration.ZERO);
    assertThat(refusal(oracle.report(request).getFirst())).isEqualTo("attested");
    oracle.awaitReady();
  }

  @Test
  void registeredSigner_shouldSignWhileItIsLive() {
    Signer delegate = Samples.signer("delegate");
    CreditRequest request = rig.credit(crawler, delegate, SITE, "a", 1, 50, Rig.TERMS);
    rig.registerSigner(crawler.address(), delegate.address(), 2);
    assertThat(refusal(oracle.report(request).getFirst())).isEqualTo("voucher_signer_ending");
    rig.registerSigner(crawler.address(), delegate.address(), 4_000_000_000L);
    assertThat(refusal(oracle.report(request).getFirst())).isEqualTo("attested");
  }

  @Test
  void earlierTerms_shouldStayValid() {
    rig.policy(SITE, 2, Keccak.hash("new terms"));
    assertThat(refusal(oracle.report(rig.credit(crawler, SITE, "a", 1, 50)).getFirst()))
        .isEqualTo("attested");
  }

  @Test
  void indexedPayment_shouldPayForOneRequest() {
    Hash payment = Keccak.hash("payment");
    rig.payment(payment, SITE, crawler.address(), 30);
    Hash tx = Keccak.hash("tx");
    var first = rig.direct(crawler.address(), SITE, "a", 30, payment, tx);
    var second = rig.direct(crawler.address(), SITE, "b", 30, payment, tx);
    var dearer = rig.direct(crawler.address(), SITE, "c", 31, payment, tx);
    assertThat(oracle.report(first, second, dearer).stream().map(ReportTest::refusal))
        .containsExactly("attested", "payment_used", "payment_mismatch");
    assertThat(refusal(oracle.report(second).getFirst())).isEqualTo("payment_used");
    assertThat(leaf(0).isCredit()).isFalse();
    assertThat(oracle.pair(crawler.address(), SITE)).isEqualTo(emptyPair());
  }

  private Pair emptyPair() {
    return Pair.newBuilder()
        .setCrawler(crawler.address().toString())
        .setLicenseId(SITE.toString())
        .setCharged("0")
        .setCumulativeMax("0")
        .setLastPairSeq("0")
        .build();
  }

  @Test
  void authorisationThatAnotherSettled_shouldPayForOneRequest() {
    chains.mint(crawler.address(), UsdcAmount.of(30));
    var vault =
        PaymentProcessorCalls.vaultOf(SITE)
            .ask(chains.base.rpc(), chains.processor(), BlockTag.LATEST);
    Hash nonce = Keccak.hash("nonce");
    var authorization =
        new Eip3009.Authorization(
            crawler.address(),
            vault,
            UsdcAmount.of(30),
            BigInteger.ZERO,
            BigInteger.valueOf(4_000_000_000L),
            nonce);
    Hash digest =
        Eip712.digest(
            chains.network.settlement().usdc().domainSeparator(chains.base.chain()),
            authorization.transferStructHash());
    Receipt receipt =
        Chains.sender(chains.base, "other facilitator")
            .send(
                chains.usdc(),
                Usdc.transferWithAuthorization(
                    authorization, Bytes.wrap(crawler.sign(digest).toBytes())));
    Hash payment = WireIds.paymentId(chains.base.chain(), chains.usdc(), crawler.address(), nonce);

    assertThat(
            oracle
                .report(
                    rig.direct(
                        crawler.address(), SITE, "a", 31, payment, receipt.transactionHash()),
                    rig.direct(
                        crawler.address(),
                        SITE,
                        "b",
                        30,
                        Keccak.hash("other"),
                        receipt.transactionHash()),
                    rig.direct(
                        crawler.address(), SITE, "c", 30, payment, receipt.transactionHash()))
                .stream()
                .map(ReportTest::refusal))
        .containsExactly("payment_mismatch", "payment_unknown", "attested");
  }

  @Test
  void emptyOrTooLongReport_shouldFailAsAWhole() {
    assertThatThrownBy(() -> oracle.report(List.of())).isInstanceOf(ApiException.class);
    UsageEntry entry = Entries.of(rig.credit(crawler, SITE, "a", 1, 50));
    assertThatThrownBy(() -> oracle.report(Collections.nCopies(2_001, entry)))
        .isInstanceOf(ApiException.class);
  }

  @Test
  void manyReporters_shouldKeepEveryPairChainWhole() throws Exception {
    LicenseId second = LicenseId.of(2);
    rig.license(second);
    List<Signer> crawlers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      crawlers.add(Samples.signer("crawler " + i));
      rig.indexDeposit(crawlers.get(i).address(), UsdcAmount.of(100_000));
    }
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<List<EntryResult>>> tasks = new ArrayList<>();
      for (int reporter = 0; reporter < 16; reporter++) {
        int number = reporter;
        tasks.add(() -> {
          List<UsageEntry> entries = new ArrayList<>();
          for (int i = 0; i < 25; i++) {
            Signer who = crawlers.get((number + i) % crawlers.size());
            LicenseId where = i % 3 == 0 ? second : SITE;
            entries.add(Entries.of(rig.credit(who, where, number + "-" + i, 1 + i % 5, 100_000)));
          }
          return oracle.report(entries);
        });
      }
      for (Future<List<EntryResult>> future : pool.invokeAll(tasks)) {
        assertThat(future.get()).allMatch(EntryResult::hasAttested);
      }
    }
    List<UsageAttestation> log =
        rig.owner.snapshot(tx -> new LogTable().entries(tx, 0, Long.MAX_VALUE));
    assertThat(log).hasSize(400);
    LogReplay replay = new LogReplay();
    replay.read(log);
    Map<PairKey, UsdcAmount> charged = new HashMap<>();
    log.forEach(leaf ->
        charged.merge(
            new PairKey(leaf.licenseId(), leaf.crawler()), leaf.amount(), UsdcAmount::plus));
    charged.forEach((pair, sum) ->
        assertThat(oracle.pair(pair.crawler(), pair.licenseId()).getCharged())
            .isEqualTo(sum.toString()));
  }
}
