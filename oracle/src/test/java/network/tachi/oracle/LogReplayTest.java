package network.tachi.oracle;

import static network.tachi.oracle.Samples.CRAWLER;
import static network.tachi.oracle.Samples.DELEGATE;
import static network.tachi.oracle.Samples.LICENSE;
import static network.tachi.oracle.Samples.credit;
import static network.tachi.oracle.Samples.direct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import network.tachi.contracts.wire.EpochBody;
import network.tachi.contracts.wire.LogFrontier;
import network.tachi.contracts.wire.LogTree;
import network.tachi.contracts.wire.PairLeaf;
import network.tachi.contracts.wire.SettlementTrees;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import org.junit.jupiter.api.Test;

class LogReplayTest {
  private final List<UsageAttestation> log = honestLog();

  private static List<UsageAttestation> honestLog() {
    Draft draft =
        new Draft(
            new LogHead(1, 1, 0),
            () -> Instant.EPOCH,
            new Standing(
                Map.of(),
                Map.of(
                    CRAWLER.address(),
                    UsdcAmount.of(1_000),
                    DELEGATE.address(),
                    UsdcAmount.of(1_000)),
                Set.of(),
                Set.of(),
                new IndexHead(Duration.ZERO, 7),
                Duration.ZERO));
    draft.append(credit("a", 5, 100));
    draft.append(direct("b", 9));
    draft.append(credit(DELEGATE, LICENSE, "c", 3, 50));
    draft.append(credit("d", 7, 100));
    draft.append(credit(CRAWLER, LicenseId.of(8), "e", 2, 50));
    return draft.entries().stream().map(Admitted::leaf).toList();
  }

  @Test
  void emptyLog_shouldGiveTheEmptyBody() {
    EpochBody body = new LogReplay().body(Hash.ZERO, 1);
    assertThat(body.logRoot()).isEqualTo(LogTree.EMPTY_ROOT);
    assertThat(body.totalCredit()).isEqualTo(UsdcAmount.ZERO);
    assertThat(body.licenseCount()).isZero();
  }

  @Test
  void honestLog_shouldGiveItsRootAndSettlement() {
    LogReplay replay = new LogReplay();
    replay.read(log.subList(0, 2));
    replay.read(log.subList(2, 5));

    LogFrontier frontier = new LogFrontier();
    log.forEach(entry -> frontier.append(entry.leafHash()));
    SettlementTrees trees =
        SettlementTrees.of(
            List.of(PairLeaf.of(log.get(2)), PairLeaf.of(log.get(3)), PairLeaf.of(log.get(4))));
    assertThat(replay.body(Hash.ZERO, 77))
        .isEqualTo(EpochBody.of(5, frontier.root(), trees, Hash.ZERO, 77));
    assertThat(replay.body(Hash.ZERO, 77).totalCredit()).isEqualTo(UsdcAmount.of(17));
  }

  @Test
  void missingEntry_shouldBeFound() {
    LogReplay replay = new LogReplay();
    replay.read(log.subList(0, 1));
    assertThatThrownBy(() -> replay.read(log.subList(2, 3)))
        .isInstanceOf(LogFaultException.class)
        .hasMessageContaining("entry 2");
  }

  @Test
  void brokenPairChain_shouldBeFound() {
    UsageAttestation entry = log.get(3);
    for (UsageAttestation broken :
        List.of(
            with(entry, 2, entry.pairSeq() + 1, entry.pairPrevIndex(), 12),
            with(entry, 2, entry.pairSeq(), 2, 12),
            with(entry, 2, entry.pairSeq(), entry.pairPrevIndex(), 13),
            with(entry, 1, entry.pairSeq(), entry.pairPrevIndex(), 12),
            with(entry, 3, entry.pairSeq(), entry.pairPrevIndex(), 12))) {
      LogReplay replay = new LogReplay();
      replay.read(log.subList(0, 3));
      assertThatThrownBy(() -> replay.read(List.of(broken)))
          .isInstanceOf(LogFaultException.class)
          .hasMessageContaining("entry 3");
    }
  }

  private static UsageAttestation with(
      UsageAttestation a, int rail, long pairSeq, long pairPrevIndex, long cumulative) {
    return new UsageAttestation(
        a.generation(),
        a.logIndex(),
        a.configVersion(),
        rail,
        a.crawler(),
        a.licenseId(),
        a.contentId(),
        a.requestId(),
        a.units(),
        a.unitPrice(),
        pairSeq,
        pairPrevIndex,
        UsdcAmount.of(cumulative),
        a.paymentRef(),
        a.issuedAtMs());
  }
}
