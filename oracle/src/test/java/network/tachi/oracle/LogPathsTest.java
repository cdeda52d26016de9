package network.tachi.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import network.tachi.contracts.wire.MemoryLog;
import network.tachi.evm.Hash;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.testkit.TestDatabase;
import org.junit.jupiter.api.Test;

class LogPathsTest {
  private static final int LINES = 5_000;

  @Test
  void pathOfAnyLineAtAnySize_shouldBeThatOfTheWholeTree() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    try (TestDatabase postgres = TestDatabase.create();
        Database owner = postgres.as(DatabaseRole.OWNER)) {
      owner.run(tx -> {
        tx.execute("INSERT INTO metering.log_generation VALUES (1, 0, 0, now())");
        tx.execute(
            """
            INSERT INTO metering.log_leaf (log_index, generation, config_version, rail, crawler, license_id,
              content_id, request_id, units, unit_price, pair_seq, pair_cumulative, payment_ref, issued_at_ms, leaf_hash)
            SELECT i, 1, 1, 1, decode(repeat('01', 20), 'hex'), 1, sha256('c'), sha256(i::text::bytea), 1, 1, 0, 0,
              sha256(('p' || i)::bytea), 0, sha256(('l' || i)::bytea)
            FROM generate_series(0, ?) i
            """,
            LINES - 1);
      });
      MemoryLog whole = new MemoryLog();
      owner
          .dsl()
          .fetch("SELECT leaf_hash FROM metering.log_leaf ORDER BY log_index")
          .forEach(row -> whole.append(Hash.of(row.get(0, byte[].class))));
      LogPaths paths = new LogPaths(new LogTable());
      for (int i = 0; i < 60; i++) {
        long size = i == 0 ? 1 : 1 + random.nextInt(LINES);
        long index = random.nextLong(size);
        List<Hash> path = owner.snapshot(tx -> paths.path(tx, index, size));
        assertThat(path)
            .as("line %s of %s, seed %s", index, size, seed)
            .isEqualTo(whole.inclusionProof(index, size));
      }
      List<Hash> atBlocks = owner.snapshot(tx -> paths.path(tx, 1_024, 4_096));
      assertThat(atBlocks).isEqualTo(whole.inclusionProof(1_024, 4_096));
    }
  }
}
