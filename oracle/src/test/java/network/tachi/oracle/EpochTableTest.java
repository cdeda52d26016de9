package network.tachi.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.EpochBody;
import network.tachi.contracts.wire.EpochHeader;
import network.tachi.contracts.wire.LogTree;
import network.tachi.contracts.wire.SettlementTrees;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EpochTableTest {
  private static final Address SIGNER = Samples.CRAWLER.address();
  private static TestDatabase postgres;

  private final EpochTable epochs = new EpochTable();
  private Database database;

  @BeforeAll
  static void create() {
    postgres = TestDatabase.create();
  }

  @AfterAll
  static void drop() {
    postgres.close();
  }

  @BeforeEach
  void reset() {
    postgres.reset();
    database = postgres.as(DatabaseRole.ORACLE);
  }

  private static ClosedEpoch epoch(long number, long generation, String rules) {
    TreeMap<LicenseId, Hash> policies = new TreeMap<>();
    policies.put(LicenseId.of(1), Keccak.hash(rules));
    EpochBody body =
        EpochBody.of(
            0,
            LogTree.EMPTY_ROOT,
            SettlementTrees.of(List.of()),
            WireIds.rulesHash(policies),
            100 + number);
    EpochHeader header =
        new EpochHeader(number, generation, Hash.ZERO, Hash.ZERO, body.structHash());
    return new ClosedEpoch(new Committed(header, body), policies);
  }

  private void insert(ClosedEpoch epoch) {
    database.run(tx -> epochs.insert(tx, epoch, 1, List.of()));
  }

  private String state(long epoch, long generation) {
    return database
        .dsl()
        .fetchSingle(
            "SELECT state FROM metering.epoch WHERE epoch = ? AND generation = ?",
            epoch,
            generation)
        .get(0, String.class);
  }

  @Test
  void storedEpoch_shouldBeReadAsItWas() {
    ClosedEpoch first = epoch(1, 1, "a");
    ClosedEpoch second = epoch(2, 1, "b");
    insert(first);
    insert(second);
    assertThat(database.snapshot(epochs::newest)).contains(second);
    Optional<ClosedEpoch> found = database.snapshot(tx -> epochs.find(tx, 1));
    assertThat(found).contains(first);
    List<ClosedEpoch> all = database.snapshot(tx -> epochs.after(tx, 0));
    assertThat(all).containsExactly(first, second);
  }

  @Test
  void voidedEpoch_shouldMakeRoomForItsReissue() {
    insert(epoch(1, 1, "a"));
    insert(epoch(2, 1, "b"));
    database.run(tx -> epochs.voidAfter(tx, 1));
    ClosedEpoch again = epoch(2, 2, "c");
    insert(again);
    assertThat(database.snapshot(epochs::newest)).contains(again);
    assertThat(state(2, 1)).isEqualTo("voided");
  }

  @Test
  void state_shouldFollowTheChainForwardAndBack() {
    for (long number = 1; number <= 3; number++) {
      ClosedEpoch epoch = epoch(number, 1, "a");
      insert(epoch);
      database.transaction(tx -> epochs.signed(tx, epoch.header()));
    }
    database.transaction(tx -> epochs.onChain(tx, 2, 1));
    assertThat(List.of(state(1, 1), state(2, 1), state(3, 1)))
        .containsExactly("finalised", "posted", "signed");
    database.transaction(tx -> epochs.onChain(tx, 1, 0));
    assertThat(List.of(state(1, 1), state(2, 1), state(3, 1)))
        .containsExactly("posted", "signed", "signed");
  }

  @Test
  void promiseToAHeader_shouldOutlastAnyOther() {
    EpochHeader header = epoch(5, 1, "a").header();
    EpochHeader other = epoch(5, 1, "b").header();
    assertThat(promise(header)).isEqualTo(header.structHash());
    assertThat(promise(other)).isEqualTo(header.structHash());
    assertThat(promise(header)).isEqualTo(header.structHash());
    assertThatThrownBy(() -> promise(epoch(4, 1, "a").header()))
        .isInstanceOf(LogFaultException.class);
    EpochHeader reissue = epoch(4, 2, "a").header();
    assertThat(promise(reissue)).isEqualTo(reissue.structHash());
  }

  private Hash promise(EpochHeader header) {
    return database.transaction(tx -> epochs.promise(tx, header, SIGNER));
  }
}
