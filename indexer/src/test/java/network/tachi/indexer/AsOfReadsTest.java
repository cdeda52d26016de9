package network.tachi.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.testkit.TestDatabase;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reads as of a block among many versions: a hundred for each licence, half of all for one of them,
 * four for each dispute. With {@code -Dtachi.versions=1000000} it measures what docs/benchmarks.md
 * reports.
 */
class AsOfReadsTest {
  private static final int VERSIONS = Integer.getInteger("tachi.versions", 40_000);
  private static final int READS = 400;
  private static final long LIMIT_NANOS = 20_000_000;

  private static final TestDatabase SERVER = TestDatabase.create();

  @BeforeAll
  static void fill() {
    DSLContext db = SERVER.as(DatabaseRole.INDEXER).dsl();
    int half = VERSIONS / 2;
    db.execute(
        """
        INSERT INTO chain_v1.license_state (chain_id, license_id, from_block, to_block, contract, publisher, holder,
                                         terms_uri, terms_block, minted_block, minted_at, minted_tx, changed_block)
        SELECT 8453, CASE WHEN i < %1$d THEN 1 ELSE 2 + i / 100 END,
               CASE WHEN i < %1$d THEN i * 10 ELSE i %% 100 * 7919 + i / 100 %% 7919 END,
               CASE WHEN i < %1$d THEN (CASE WHEN i < %1$d - 1 THEN i * 10 + 10 END)
                    WHEN i %% 100 < 99 THEN (i %% 100 + 1) * 7919 + i / 100 %% 7919 END,
               substring(sha256('') FROM 1 FOR 20), NULL, NULL, 'ipfs://' || i, 1, 1, 1, NULL, i
          FROM generate_series(0, %2$d - 1) AS i
        """
            .formatted(half, VERSIONS));
    db.execute(
        """
        INSERT INTO chain_v1.dispute_state (chain_id, dispute_id, from_block, to_block, license_id, payment_ids,
                                         amount, opened_block, changed_block)
        SELECT 8453, i / 4, i / 4 * 3 + i %% 4 * 1000,
               CASE WHEN i %% 4 < 3 THEN i / 4 * 3 + (i %% 4 + 1) * 1000 END, i / 4 %% 1000, '{}', 1, 1, 1
          FROM generate_series(0, %d - 1) AS i
        """
            .formatted(VERSIONS));
    SERVER
        .as(DatabaseRole.OWNER)
        .dsl()
        .execute("ANALYZE chain_v1.license_state, chain_v1.dispute_state");
  }

  @AfterAll
  static void close() {
    SERVER.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM chain.license_at(8453, 1, {block})",
        "SELECT * FROM chain.license_at(8453, {license}, {block})",
        "SELECT * FROM chain.licenses_at(8453, {block}) WHERE license_id = {license}",
        "SELECT * FROM chain.licenses_at(8453, {block}) WHERE license_id > {license}"
            + " ORDER BY license_id LIMIT 50",
        "SELECT * FROM chain.disputes_at(8453, {block}) WHERE dispute_id = {license}",
        "SELECT * FROM chain.disputes_at(8453, {block}) WHERE license_id = {license} % 1000"
      })
  void readAsOfABlock_shouldTakeLessThan20Milliseconds(String query) {
    Database reader = SERVER.as(DatabaseRole.QUERY_API);
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String sample = fill(query, random);
    String plan = reader.dsl().fetch("EXPLAIN " + sample).format();
    long[] nanos = new long[READS];
    for (int i = 0; i < READS; i++) {
      String sql = fill(query, random);
      long start = System.nanoTime();
      reader.dsl().fetch(sql);
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    System.getLogger(AsOfReadsTest.class.getName())
        .log(
            System.Logger.Level.INFO,
            "{0} versions: p50 {1} us, p99 {2} us: {3}",
            VERSIONS,
            nanos[READS / 2] / 1_000,
            nanos[READS * 99 / 100] / 1_000,
            query);

    assertThat(plan).doesNotContain("Seq Scan");
    assertThat(nanos[READS / 2]).as("median of seed %d: %s", seed, plan).isLessThan(LIMIT_NANOS);
  }

  private static String fill(String query, Random random) {
    return query
        .replace("{license}", Integer.toString(2 + random.nextInt(VERSIONS / 200)))
        .replace("{block}", Integer.toString(random.nextInt(700_000)));
  }
}
