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
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.UsdcAmount;
import org.junit.jupiter.api.Test;

class SequencerRulesTest {
  private final List<SequencerRule> rules = SequencerRule.all(Duration.ofSeconds(60));

  private static Draft draft(long credit) {
    return draft(credit, Duration.ZERO);
  }

  private static Draft draft(long credit, Duration indexAge) {
    return new Draft(
        new LogHead(3, 2, 40),
        () -> Instant.ofEpochSecond(9),
        Map.of(),
        Map.of(CRAWLER.address(), UsdcAmount.of(credit)),
        Set.of(),
        indexAge);
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
    Draft after =
        new Draft(
            new LogHead(4, 2, 30),
            () -> Instant.EPOCH,
            Map.of(),
            Map.of(),
            Set.of(),
            Duration.ZERO);

    UsageAttestation again = after.appendAgain(first);
    assertThat(again.generation()).isEqualTo(4);
    assertThat(again.logIndex()).isEqualTo(30);
    assertThat(again.paymentRef()).isEqualTo(first.paymentRef());
    assertThat(again.pairCumulative()).isEqualTo(first.pairCumulative());
    assertThat(after.appendAgain(second).logIndex()).isEqualTo(31);
  }
}
