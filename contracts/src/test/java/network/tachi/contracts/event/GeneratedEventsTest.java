package network.tachi.contracts.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.testkit.chain.ChainSpec;
import network.tachi.testkit.chain.GeneratedChain;
import network.tachi.testkit.chain.GeneratedContracts;
import network.tachi.testkit.chain.Payments;
import network.tachi.testkit.chain.PlannedLog;
import network.tachi.testkit.chain.Replacement;
import network.tachi.testkit.chain.Stories;
import network.tachi.testkit.chain.Tip;
import org.junit.jupiter.api.Test;

/** The logs that test-kit's generator writes are events to the decoder, in a possible order. */
class GeneratedEventsTest {
  private static final GeneratedContracts AT = GeneratedContracts.DEFAULT;
  private static final Map<Address, ContractKind> KINDS =
      Map.of(
          AT.licenses(),
          ContractKind.CRAWL_LICENSE,
          AT.payments(),
          ContractKind.PAYMENT_PROCESSOR,
          AT.disputes(),
          ContractKind.DISPUTE_RESOLVER);

  private static Optional<TachiEvent> decode(PlannedLog log) {
    ContractKind kind = KINDS.get(log.address());
    return kind == null ? Optional.empty() : EventDecoder.decode(kind, log.topics(), log.data());
  }

  @Test
  void payments_shouldAllBeRead() {
    GeneratedChain chain = GeneratedChain.create(ChainSpec.base(1, Payments.comparison()));
    Tip tip = chain.extend(chain.genesis(), 20);
    Set<Hash> ids = new HashSet<>();
    for (long n = 1; n <= 20; n++) {
      List<PlannedLog> logs = chain.logs(tip.at(n));
      assertThat(logs).hasSize(50);
      for (PlannedLog log : logs) {
        PaymentEvent.PaymentMade payment = (PaymentEvent.PaymentMade) decode(log).orElseThrow();
        assertThat(ids.add(payment.paymentId())).isTrue();
        assertThat(payment.licenseId().value()).isBetween(1L, 500L);
        assertThat(payment.paidAt()).isEqualTo(tip.block(n).timestamp());
      }
    }
  }

  @Test
  void stories_shouldBePossibleOnEveryFork() {
    GeneratedChain chain = GeneratedChain.create(ChainSpec.base(9, Stories.busy(70)));
    Tip tip = chain.extend(chain.genesis(), 400);
    assertThat(read(chain, tip))
        .containsKeys(
            "LicenseMinted",
            "Transfer",
            "DomainClaimed",
            "DomainVerified",
            "TermsURIUpdated",
            "LicenseDeactivated",
            "LicenseReactivated",
            "PaymentMade",
            "PaymentHeld",
            "PaymentReleased",
            "PaymentRefunded",
            "Withdrawn",
            "DisputeOpened",
            "DisputeResolved",
            "none of ours");
    for (Replacement replacement : Replacement.values()) {
      for (int depth : List.of(1, 7, 64)) {
        read(chain, chain.extend(chain.fork(tip, depth, depth + 2L, replacement), 20));
      }
    }
  }

  /** Follows a chain from its beginning, and counts the events by name. */
  private static Map<String, Integer> read(GeneratedChain chain, Tip tip) {
    Story story = new Story();
    Map<String, Integer> counts = new HashMap<>();
    for (long n = 1; n <= tip.number(); n++) {
      for (PlannedLog log : chain.logs(tip.at(n))) {
        Optional<TachiEvent> event = decode(log);
        counts.merge(event.map(TachiEvent::name).orElse("none of ours"), 1, Integer::sum);
        event.ifPresent(story::happens);
      }
    }
    return counts;
  }

  /** What the contracts would allow. */
  private static final class Story {
    private final Map<LicenseId, Boolean> active = new HashMap<>();
    private final Map<Hash, PaymentEvent.PaymentMade> payments = new HashMap<>();
    private final Set<Hash> held = new HashSet<>();
    private final Map<BigInteger, Hash> disputes = new HashMap<>();
    private final Set<LicenseId> verified = new HashSet<>();

    void happens(TachiEvent event) {
      switch (event) {
        case LicenseEvent.LicenseMinted e -> assertThat(active.put(e.tokenId(), true)).isNull();
        case LicenseEvent.LicenseDeactivated e ->
            assertThat(active.put(e.tokenId(), false)).isTrue();
        case LicenseEvent.LicenseReactivated e ->
            assertThat(active.put(e.tokenId(), true)).isFalse();
        case LicenseEvent.TermsURIUpdated e -> assertThat(active).containsKey(e.tokenId());
        case LicenseEvent.DomainClaimed e -> assertThat(active).containsKey(e.tokenId());
        case LicenseEvent.DomainVerified e -> assertThat(verified.add(e.tokenId())).isTrue();
        case PaymentEvent.PaymentMade e -> {
          assertThat(active).containsKey(e.licenseId());
          assertThat(payments.put(e.paymentId(), e)).isNull();
        }
        case PaymentEvent.PaymentHeld e -> {
          assertThat(payments).containsKey(e.paymentId());
          assertThat(held.add(e.paymentId())).isTrue();
        }
        case DisputeEvent.DisputeOpened e -> {
          assertThat(held).contains(e.paymentIds().getFirst());
          assertThat(disputes.put(e.disputeId(), e.paymentIds().getFirst())).isNull();
        }
        case PaymentEvent.PaymentReleased e -> assertThat(held.remove(e.paymentId())).isTrue();
        case PaymentEvent.PaymentRefunded e -> assertThat(held.remove(e.paymentId())).isTrue();
        case DisputeEvent.DisputeResolved e ->
            assertThat(disputes.remove(e.disputeId())).isNotNull();
        case PaymentEvent.Withdrawn e -> assertThat(active).containsKey(e.licenseId());
        default -> assertThat(event).isInstanceOf(LicenseEvent.Transfer.class);
      }
    }
  }
}
