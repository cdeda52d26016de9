package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.STATE_DIGEST;
import static network.tachi.store.jooq.projection.Tables.BLOCK_DIGEST;
import static network.tachi.store.jooq.projection.Tables.HISTORY;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import network.tachi.evm.Hash;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.testkit.AnvilOptions;
import network.tachi.testkit.TestDatabase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StateDigestTest {
  private final Scenario scenario = new Scenario(AnvilOptions.BASE);
  private final EmitterChain chain = scenario.chain();

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  void blockByBlockWithReorgs_shouldEndWithTheDigestsOfAFreshBackfill() {
    for (int round = 0; round < 6; round++) {
      chain.mineBlocksOfPayments(3);
      chain.anvil().mine(2);
      scenario.index();
      chain.reorgWithPayments(1 + round, round % 3);
      scenario.index();
    }

    assertThat(digests(scenario.database())).hasSizeGreaterThan(20).isEqualTo(freshDigests());
  }

  @Test
  void blocksWithoutEvents_shouldKeepTheDigest() {
    chain.mineBlocksOfPayments(2);
    chain.anvil().mine(3);
    scenario.index();

    Map<Long, Hash> digests = digests(scenario.database());
    assertThat(digests).hasSize(2);
    for (long block = chain.head() - 3; block <= chain.head(); block++) {
      assertThat(digestAt(block)).isEqualTo(digests.get(chain.head() - 3));
    }
    assertThat(digestAt(chain.head() - 4)).isEqualTo(digests.get(chain.head() - 4));
    assertThat(digestAt(0)).isNull();
  }

  @Test
  void databaseOfAnOlderVersion_shouldGetTheSameDigests() {
    chain.mineBlocksOfPayments(9);
    scenario.index();
    scenario.database().dsl().deleteFrom(BLOCK_DIGEST).execute();
    scenario.database().dsl().deleteFrom(HISTORY).execute();

    scenario.restart();
    chain.mineBlocksOfPayments(4);
    scenario.index();

    assertThat(digests(scenario.database())).hasSize(13).isEqualTo(freshDigests());
  }

  private Map<Long, Hash> freshDigests() {
    try (TestDatabase fresh = scenario.freshBackfill()) {
      return digests(fresh.as(DatabaseRole.INDEXER));
    }
  }

  private static Map<Long, Hash> digests(Database database) {
    return database
        .dsl()
        .selectFrom(STATE_DIGEST)
        .fetchMap(STATE_DIGEST.NUMBER, STATE_DIGEST.DIGEST);
  }

  private @Nullable Hash digestAt(long block) {
    byte[] digest =
        (byte[])
            scenario
                .database()
                .dsl()
                .fetchValue(
                    "SELECT digest FROM chain.digest_at(?, ?)",
                    chain.indexed().id().value(),
                    block);
    return digest == null ? null : Hash.of(digest);
  }
}
