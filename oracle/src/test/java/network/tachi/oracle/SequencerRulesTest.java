package network.tachi.oracle;

import static network.tachi.oracle.Samples.CRAWLER;
import static network.tachi.oracle.Samples.PAYMENT;
import static network.tachi.oracle.Samples.credit;
import static network.tachi.oracle.Samples.direct;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.contracts.wire.UsageAttestation.PairTip;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.UsdcAmount;
import org.junit.jupiter.api.Test;

class SequencerRulesTest {
  private final List<SequencerRule> rules =
      SequencerRule.all(
          Duration.ofSeconds(60),
          () -> new EscrowTimes(Duration.ofSeconds(120), Duration.ofDays(1)));

  private static Draft draft(long credit) {
    return draft(credit, Duration.ZERO);
  }

  private static Draft draft(long credit, Duration indexAge) {
    return draft(credit, indexAge, Duration.ZERO);
  }

  private static Draft draft(long credit, Duration indexAge, Duration waiting) {
    return new Draft(
        new LogHead(3, 2, 40),
        () -> Instant.ofEpochSecond(9),
        new Standing(
            Map.of(),
            Map.of(CRAWLER.address(), UsdcAmount.of(credit)),
            Set.of(),
            Set.of(),
            new IndexHead(indexAge, 7),
            waiting));
  }

  private Optional<String> refusal(PaidRequest request, Draft draft) {
    return rules.stream()
        .flatMap(rule -> rule.check(request, draft).stream())
        .map(Refusal::code)
        .findFirst();
  }

  @Test
  void entriesOfAPair_shouldBeChained() {
    Draft draft = draft(100);
    UsageAttestation first = draft.append(credit("a", 5, 20));
    UsageAttestation between = draft.append(direct("d", 9));
    UsageAttestation second = draft.append(credit("b", 7, 20));

    assertThat(first.logIndex()).isEqualTo(40);
    assertThat(first.generation()).isEqualTo(3);
    assertThat(first.configVersion()).isEqualTo(2);
    assertThat(first.pairSeq()).isEqualTo(1);
    assertThat(first.pairPrevIndex()).isEqualTo(WireIds.NONE);
    assertThat(between.pairSeq()).isZero();
    assertThat(between.paymentRef()).isEqualTo(PAYMENT);
    assertThat(second.logIndex()).isEqualTo(42);
    assertThat(second.pairSeq()).isEqualTo(2);
    assertThat(second.pairPrevIndex()).isEqualTo(40);
    assertThat(second.pairCumulative()).isEqualTo(UsdcAmount.of(12));
    assertThat(second.issuedAtMs()).isEqualTo(9_000);
    assertThat(draft.creditOf(CRAWLER.address())).isEqualTo(UsdcAmount.of(88));
  }

  @Test
  void lowerVoucherThatIsCovered_shouldPassAndNameTheVoucherThatCovers() {
    Draft draft = draft(100);
    CreditRequest high = credit("a", 5, 20);
    CreditRequest low = credit("b", 5, 6);
    draft.append(high);

    assertThat(refusal(low, draft)).isEmpty();
    assertThat(draft.append(low).paymentRef()).isEqualTo(high.signed().hash());
  }

  @Test
  void chargeUpToTheCeiling_shouldPassAndOneMoreBeRefused() {
    Draft draft = draft(100);
    draft.append(credit("a", 5, 10));
    assertThat(refusal(credit("b", 5, 10), draft)).isEmpty();
    assertThat(refusal(credit("b", 6, 10), draft)).contains("voucher_exceeded");
    assertThat(refusal(credit("b", 6, 11), draft)).isEmpty();
  }

  @Test
  void chargeUpToTheCredit_shouldPassAndOneMoreBeRefused() {
    Draft draft = draft(10);
    assertThat(refusal(credit("a", 11, 50), draft)).contains("credit_insufficient");
    draft.append(credit("a", 10, 50));
    assertThat(refusal(credit("b", 1, 50), draft)).contains("credit_insufficient");
  }

  @Test
  void creditByAnOldIndex_shouldBeRefusedUntilItIsUpToDate() {
    assertThat(refusal(credit("a", 5, 10), draft(100, Duration.ofSeconds(61))))
        .contains("index_stale");
    assertThat(refusal(credit("a", 5, 10), draft(100, IndexAge.NEVER))).contains("index_stale");
    assertThat(refusal(credit("a", 5, 10), draft(100, Duration.ofSeconds(60)))).isEmpty();
    assertThat(refusal(credit("a", 5, 10), draft(100, Duration.ofSeconds(-9)))).isEmpty();
    assertThat(refusal(direct("d", 5), draft(0, IndexAge.NEVER))).isEmpty();
  }

  @Test
  void paymentThatPaidBefore_shouldBeRefused() {
    Draft draft = draft(0);
    assertThat(refusal(direct("a", 5), draft)).isEmpty();
    draft.append(direct("a", 5));
    assertThat(refusal(direct("b", 5), draft)).contains("payment_used");
  }

  @Test
  void entryThatLostItsIndex_shouldKeepItsConsentInTheNewGeneration() {
    Draft before = draft(100);
    UsageAttestation first = before.append(credit("a", 5, 20));
    UsageAttestation second = before.append(direct("d", 9));
    Draft after = generation4(PairState.NEW, Set.of());

    UsageAttestation again = after.appendAgain(new Admitted(first, 5));
    assertThat(again.generation()).isEqualTo(4);
    assertThat(again.logIndex()).isEqualTo(30);
    assertThat(again.paymentRef()).isEqualTo(first.paymentRef());
    assertThat(again.pairCumulative()).isEqualTo(first.pairCumulative());
    assertThat(after.appendAgain(new Admitted(second, 6)).logIndex()).isEqualTo(31);
  }

  @Test
  void entriesThatWaitForAnEpoch_shouldStopCreditOnceTheyWaitTooLong() {
    Duration limit = Duration.ofSeconds(60);
    assertThat(refusal(credit("a", 5, 10), draft(100, Duration.ZERO, limit))).isEmpty();
    Draft late = draft(100, Duration.ZERO, limit.plusSeconds(1));
    assertThat(refusal(credit("a", 5, 10), late)).contains("epochs_stalled");
    assertThat(refusal(direct("d", 5), late)).isEmpty();
  }

  @Test
  void entries_shouldRememberWhenTheyWereAdmitted() {
    Draft draft = draft(100);
    draft.append(credit("a", 5, 20));
    draft.append(direct("d", 9));
    assertThat(draft.entries()).extracting(Admitted::at).containsExactly(7L, 7L);

    Draft after = generation4(PairState.NEW, Set.of());
    draft.entries().forEach(entry -> after.appendAgain(new Admitted(entry.leaf(), 5)));
    assertThat(after.entries()).extracting(Admitted::at).containsExactly(5L, 5L);
  }

  @Test
  void entryWhoseSignerHasEnded_shouldNameAnotherVoucherThatCoversIt() {
    UsageAttestation old = draft(100).append(credit("a", 5, 20));
    PairState covered =
        new PairState(PairTip.NONE, Hash.ZERO, UsdcAmount.of(5), Keccak.hash("other voucher"));
    PairState tooLow =
        new PairState(PairTip.NONE, Hash.ZERO, UsdcAmount.of(4), Keccak.hash("other voucher"));
    Set<Hash> ended = Set.of(old.paymentRef());
    Admitted entry = new Admitted(old, 5);

    assertThat(generation4(covered, ended).appendAgain(entry).paymentRef())
        .isEqualTo(Keccak.hash("other voucher"));
    assertThat(generation4(tooLow, ended).appendAgain(entry).paymentRef())
        .isEqualTo(old.paymentRef());
    assertThat(generation4(covered, Set.of()).appendAgain(entry).paymentRef())
        .isEqualTo(old.paymentRef());
  }

  private static Draft generation4(PairState pair, Set<Hash> ended) {
    return new Draft(
        new LogHead(4, 2, 30),
        () -> Instant.EPOCH,
        new Standing(
            Map.of(new PairKey(Samples.LICENSE, CRAWLER.address()), pair),
            Map.of(),
            Set.of(),
            ended,
            new IndexHead(Duration.ZERO, 7),
            Duration.ZERO));
  }
}
