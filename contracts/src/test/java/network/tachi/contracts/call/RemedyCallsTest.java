package network.tachi.contracts.call;

import static network.tachi.contracts.wire.WireVectors.items;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import network.tachi.contracts.wire.Absence;
import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.contracts.wire.CrawlerLeaf;
import network.tachi.contracts.wire.LicenseLeaf;
import network.tachi.contracts.wire.LogProof;
import network.tachi.contracts.wire.LogTree;
import network.tachi.contracts.wire.MemoryLog;
import network.tachi.contracts.wire.PairGap;
import network.tachi.contracts.wire.PairLeaf;
import network.tachi.contracts.wire.PairProof;
import network.tachi.contracts.wire.Proven;
import network.tachi.contracts.wire.SettlementTrees;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.contracts.wire.WireIds;
import network.tachi.contracts.wire.WireVectors;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.Signature;
import network.tachi.evm.Signer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Demands, answers and claims to a lost bond, from our own trees, as viem encodes them. */
class RemedyCallsTest {
  private static final List<UsageAttestation> LINES =
      items("usage", "attestations")
          .map(v -> WireVectors.attestation(v.required("value")))
          .toList();
  private static final Committed FIRST = epoch(0);
  private static final Committed SECOND = epoch(1);
  private static final Committed THIRD = epoch(2);
  private static final SettlementTrees OLDER = trees(SECOND);
  private static final SettlementTrees NEWER = trees(THIRD);
  private static final UsageAttestation CREDIT =
      LINES.stream().filter(a -> a.isCredit() && a.pairSeq() > 1).findFirst().orElseThrow();

  private static Committed epoch(int index) {
    JsonNode v = items("headers").toList().get(index);
    return new Committed(
        WireVectors.header(v.required("header")), WireVectors.body(v.required("body")));
  }

  private static SettlementTrees trees(Committed epoch) {
    Map<List<Object>, PairLeaf> pairs = new LinkedHashMap<>();
    LINES.stream()
        .limit(epoch.body().logSize())
        .filter(UsageAttestation::isCredit)
        .forEach(a -> pairs.put(List.of(a.crawler(), a.licenseId()), PairLeaf.of(a)));
    return SettlementTrees.of(pairs.values());
  }

  private static Bytes calldata(String name, int occurrence) {
    return items("challenges")
        .filter(v -> WireVectors.text(v, "name").equals(name))
        .skip(occurrence)
        .map(v -> WireVectors.bytes(v, "calldata"))
        .findFirst()
        .orElseThrow();
  }

  private static LogProof line() {
    long size = THIRD.body().logSize();
    MemoryLog log = new MemoryLog();
    LINES.stream().limit(size).map(UsageAttestation::leafHash).forEach(log::append);
    return new LogProof(
        CREDIT, CREDIT.logIndex(), LogTree.inclusionProof(log, CREDIT.logIndex(), size));
  }

  private static Signature attested() {
    return items("usage", "attestations")
        .filter(v -> WireVectors.attestation(v.required("value")).equals(CREDIT))
        .map(v -> Signature.parse(WireVectors.text(v, "signature")))
        .findFirst()
        .orElseThrow();
  }

  private static PairProof<LicenseLeaf> firstOfCredit() {
    PairLeaf pair =
        NEWER.credit().pairs(NEWER.credit().parties().getFirst().licenseId()).getFirst();
    return NEWER.credit().pair(pair.licenseId(), pair.crawler()).orElseThrow();
  }

  private static Proven<CrawlerLeaf> firstCrawler(SettlementTrees trees) {
    return trees.debit().party(trees.debit().parties().getFirst().crawler()).orElseThrow();
  }

  private static boolean isOld(PairLeaf pair) {
    return OLDER.credit().pair(pair.licenseId(), pair.crawler()).isPresent();
  }

  private static PairLeaf grown(Predicate<PairLeaf> wanted) {
    return NEWER.credit().parties().stream()
        .flatMap(party -> NEWER.credit().pairs(party.licenseId()).stream())
        .filter(wanted)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void demands_shouldBeEncodedAsViemDoes() {
    PairLeaf owed = NEWER.debit().pairs(NEWER.debit().parties().getFirst().crawler()).getFirst();
    PairProof<CrawlerLeaf> ofDebit =
        NEWER.debit().pair(owed.crawler(), owed.licenseId()).orElseThrow();
    assertThat(DemandCalls.demandLine(THIRD, CREDIT, attested()))
        .isEqualTo(calldata("demandLine", 0));
    assertThat(DemandCalls.demandReference(THIRD, true, ofDebit))
        .isEqualTo(calldata("demandReference", 0));
    assertThat(DemandCalls.demandReference(THIRD, line()))
        .isEqualTo(calldata("demandReference", 1));
    assertThat(DemandCalls.demandVoucher(THIRD, false, firstOfCredit()))
        .isEqualTo(calldata("demandVoucher", 0));
    assertThat(DemandCalls.demandVoucher(THIRD, line())).isEqualTo(calldata("demandVoucher", 1));
    assertThat(DemandCalls.demandNode(THIRD, true, 0)).isEqualTo(calldata("demandNode", 0));
  }

  @Test
  void answers_shouldBeEncodedAsViemDoes() {
    JsonNode given =
        items("usage", "vouchers")
            .filter(v -> WireVectors.hash(v, "digest").equals(CREDIT.paymentRef()))
            .findFirst()
            .orElseThrow();
    CrawlVoucher voucher = WireVectors.voucher(given.required("value"));
    Signature signature =
        Signer.of(WireVectors.key(WireVectors.text(given.required("value"), "crawler")))
            .sign(voucher.digest(WireVectors.credit()));
    assertThat(DemandCalls.answerLine(THIRD, CREDIT, line().path()))
        .isEqualTo(calldata("answerLine", 0));
    assertThat(DemandCalls.answerReference(THIRD, line()))
        .isEqualTo(calldata("answerReference", 0));
    assertThat(DemandCalls.answerVoucher(THIRD, voucher, CREDIT.pairCumulative(), signature))
        .isEqualTo(calldata("answerVoucher", 0));
    assertThat(DemandCalls.answerNode(THIRD, false, firstOfCredit()))
        .isEqualTo(calldata("answerNode", 0));
    assertThat(DemandCalls.answerNode(THIRD, true, firstCrawler(NEWER), WireIds.NONE))
        .isEqualTo(calldata("answerNode", 1));
    byte[] words = new byte[96];
    words[31] = 1;
    Arrays.fill(words, 88, 96, (byte) 0xff);
    Hash demandId = WireIds.demandId(THIRD.header().structHash(), 4, Bytes.of(words));
    assertThat(DemandCalls.expireDemand(THIRD, demandId)).isEqualTo(calldata("expireDemand", 0));
  }

  @Test
  void claims_shouldBeEncodedAsViemDoes() {
    PairLeaf grown = grown(RemedyCallsTest::isOld);
    assertThat(
            LostBondCalls.claimHarm(
                THIRD,
                SECOND,
                NEWER.credit().pair(grown.licenseId(), grown.crawler()).orElseThrow(),
                OLDER.credit().pair(grown.licenseId(), grown.crawler()),
                PairGap.NONE))
        .isEqualTo(calldata("claimHarm", 0));
    PairLeaf fresh =
        grown(pair -> !isOld(pair) && OLDER.credit().party(pair.licenseId()).isPresent());
    Absence<PairLeaf> absence =
        OLDER.credit().pairAbsence(fresh.licenseId(), fresh.crawler()).orElseThrow();
    assertThat(
            LostBondCalls.claimHarm(
                THIRD,
                SECOND,
                NEWER.credit().pair(fresh.licenseId(), fresh.crawler()).orElseThrow(),
                Optional.empty(),
                PairGap.ofPair(absence, OLDER.credit().party(fresh.licenseId()).orElseThrow())))
        .isEqualTo(calldata("claimHarm", 1));
    assertThat(LostBondCalls.coverOverdraw(firstCrawler(NEWER)))
        .isEqualTo(calldata("coverOverdraw", 0));
  }

  @Test
  void thawedChallenges_shouldBeEncodedAsViemDoes() {
    assertThat(
            MeteringLedgerCalls.challengeThawed(
                THIRD, SECOND, firstCrawler(NEWER), firstCrawler(OLDER)))
        .isEqualTo(calldata("challengeThawed", 0));
    assertThat(
            MeteringLedgerCalls.challengeThawed(
                SECOND, FIRST, firstCrawler(OLDER), new Absence.EmptyTree<CrawlerLeaf>()))
        .isEqualTo(calldata("challengeThawed", 1));
  }
}
