package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.BLOCK;
import static network.tachi.store.jooq.projection.Tables.HISTORY;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import network.tachi.contracts.event.ContractKind;
import network.tachi.contracts.event.LicenseEvent;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.WordBuffer;
import network.tachi.indexer.LogEmitter.Emitted;
import network.tachi.store.DatabaseRole;
import network.tachi.testkit.AnvilOptions;
import network.tachi.testkit.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The chain's finalized block follows four blocks behind its head. */
class VersionsOnChainTest {
  private static final Address FIRST = Address.read(Keccak.hash("first").toBytes(), 0);
  private static final Address SECOND = Address.read(Keccak.hash("second").toBytes(), 0);

  private final Scenario scenario = new Scenario(AnvilOptions.ETHEREUM);
  private final EmitterChain chain = scenario.chain();

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  void blockInWhichAPayoutTakesEffect_shouldBeKept_soThatVersionsCanBeMadeAnew() {
    long now = Instant.now().getEpochSecond();
    long due = now + 10_000;
    emit(minted(1), payout(1, FIRST, now - 1_000));
    emit(payout(1, SECOND, due));
    chain.anvil().mine(3);
    scenario.index();
    chain.anvil().mineAt(Instant.ofEpochSecond(due));
    long effective = chain.head();
    scenario.index();
    chain.anvil().mine(12);
    chain.mineBlocksOfPayments(2);
    chain.anvil().mine(6);
    scenario.index();

    assertThat(payoutAt(effective - 1)).isEqualTo(FIRST);
    assertThat(payoutAt(effective)).isEqualTo(SECOND);
    assertThat(payoutAt(chain.head())).isEqualTo(SECOND);
    assertThat(scenario.checkpoint().getFinalizedNumber()).isGreaterThan(effective + 10);
    assertThat(
            scenario
                .database()
                .dsl()
                .select(BLOCK.NUMBER)
                .from(BLOCK)
                .where(BLOCK.LOG_COUNT.eq(0))
                .and(BLOCK.NUMBER.lt(scenario.checkpoint().getFinalizedNumber()))
                .fetch(BLOCK.NUMBER))
        .containsExactly(effective);
    scenario.assertEqualsChain();

    Map<String, String> versions = Scenario.versions(scenario.database());
    try (TestDatabase fresh = scenario.freshBackfill()) {
      assertThat(Scenario.versions(fresh.as(DatabaseRole.INDEXER))).isEqualTo(versions);
    }
    Map<String, String> rows = scenario.rows();
    scenario.database().dsl().deleteFrom(HISTORY).execute();
    scenario.restart();
    scenario.index();
    assertThat(scenario.rows()).isEqualTo(rows);
  }

  @Test
  void reorg_shouldTakeVersionsBack() {
    long now = Instant.now().getEpochSecond();
    emit(minted(1), payout(1, FIRST, now - 1_000));
    chain.anvil().mine(2);
    scenario.index();
    Map<String, String> before = Scenario.versions(scenario.database());
    emit(payout(1, SECOND, now - 1_000));
    emit(minted(2));
    scenario.index();
    assertThat(payoutAt(chain.head())).isEqualTo(SECOND);

    chain.reorgWithPayments(2, 1);
    scenario.index();

    assertThat(payoutAt(chain.head())).isEqualTo(FIRST);
    assertThat(Scenario.versions(scenario.database())).isEqualTo(before);
    scenario.assertEqualsChain();
  }

  private void emit(Emitted... logs) {
    chain.emit(ContractKind.CRAWL_LICENSE, List.of(logs));
    chain.anvil().mine(1);
  }

  private static Emitted minted(long license) {
    return new Emitted(
        List.of(LicenseEvent.LicenseMinted.ABI.topic0(), FIRST.toWord(), Hash.ofUint(license)),
        Bytes.wrap(new WordBuffer(2).uint(32).uint(0).toBytes()));
  }

  private static Emitted payout(long license, Address payout, long effectiveAt) {
    return new Emitted(
        List.of(LicenseEvent.PayoutScheduled.ABI.topic0(), Hash.ofUint(license), payout.toWord()),
        Bytes.wrap(new WordBuffer(1).uint(effectiveAt).toBytes()));
  }

  private @Nullable Address payoutAt(long block) {
    byte[] payout =
        (byte[])
            scenario
                .database()
                .dsl()
                .fetchValue(
                    "SELECT payout FROM chain.license_at(?, 1, ?)",
                    chain.indexed().id().value(),
                    block);
    return payout == null ? null : Address.of(payout);
  }
}
