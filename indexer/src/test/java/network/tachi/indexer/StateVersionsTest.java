package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.CHECKPOINT;
import static network.tachi.store.jooq.projection.Tables.LICENSE_STATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import network.tachi.contracts.event.LicenseEvent;
import network.tachi.contracts.event.PaymentEvent;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.store.EventTables;
import network.tachi.testkit.TestDatabase;
import org.jooq.DSLContext;
import org.jooq.TableRecord;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class StateVersionsTest {
  private static final ChainId CHAIN = ChainId.of(84_532);

  /** What a view of V4 says, and the function that must say the same as of a block. */
  private static final Map<String, String> SAME_AS_OF =
      Map.of(
          "license_current",
          """
          SELECT chain_id, license_id, contract, publisher, holder, terms_uri, active, suspended, payout, next_payout,
                 next_payout_at, recovery, minted_block, minted_at, minted_tx, block_number FROM chain.licenses_at(%s)
          """,
          "domain_current",
          """
          SELECT chain_id, license_id, domain_hash, domain, verified, replaces_license_id, replacement_at, block_number
            FROM chain.domains_at(%s)
          """,
          "dispute_current",
          """
          SELECT chain_id, dispute_id, license_id, crawler, payment_ids, amount, state, outcome, cause, evidence_hash,
                 evidence_uri, answer_hash, answer_uri, deadline, opened_at, opened_block, opened_tx, block_number
            FROM chain.disputes_at(%s)
          """,
          "header_current",
          """
          SELECT chain_id, epoch, generation, header_hash, prev_header_hash, config_digest, log_size, log_root,
                 license_count, credit_root, crawler_count, debit_root, total_credit, total_debit, rules_hash,
                 data_commitment, closed_at, finalisable_at, state, posted_block, posted_log_index, posted_at, posted_tx,
                 block_number FROM chain.epochs_at(%s)
          """);

  private static final TestDatabase SERVER = TestDatabase.create();
  private final Database database = SERVER.as(DatabaseRole.INDEXER);
  private final StateVersions versions = new StateVersions(CHAIN);
  private final DSLContext db = database.dsl();

  @AfterAll
  static void close() {
    SERVER.close();
  }

  @BeforeEach
  void empty() {
    SERVER.reset();
  }

  @RepeatedTest(6)
  void anyHistory_shouldBeUnwoundExactly_andSayTheSameAsTheViewsAtEveryBlock() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    RandomHistory history = new RandomHistory(CHAIN, random);
    Map<Long, Map<String, String>> seen = new TreeMap<>();
    for (int round = 0; round < 8; round++) {
      long before = history.head();
      history.grow(1 + random.nextInt(25));
      write(history.blocks(before + 1, history.head()));
      seen.put(history.head(), stored());
      if (round % 2 == 1) {
        long ancestor = random.nextLong(history.head() + 1);
        history.unwind(ancestor);
        unwind(ancestor);
        seen.keySet().removeIf(height -> height > ancestor);
        if (seen.containsKey(ancestor)) {
          assertThat(stored()).as("seed %d", seed).isEqualTo(seen.get(ancestor));
        }
      }
    }
    history.grow(20);
    write(history.blocks(history.head() - 19, history.head()));

    assertThat(stored()).as("seed %d", seed).isEqualTo(madeAtOnce(history));
    for (long height = 1; height <= history.head(); height++) {
      assertSameAsTheViews(seed, history, height);
    }
    for (long height = history.head() - 1; height >= 0; height -= 1 + random.nextInt(9)) {
      long to = height;
      unwind(to);
      RandomHistory shorter = history;
      shorter.unwind(to);
      assertThat(stored()).as("seed %d unwound to %d", seed, to).isEqualTo(madeAtOnce(shorter));
    }
  }

  private void write(List<BlockRows> blocks) {
    List<TableRecord<?>> rows =
        blocks.stream().<TableRecord<?>>flatMap(block -> block.rows().stream()).toList();
    database.run(tx -> {
      tx.batchInsert(rows).execute();
      versions.write(tx, blocks.stream().map(BlockRows::point).toList(), rows);
    });
  }

  private void unwind(long above) {
    database.run(tx -> {
      EventTables.deleteAbove(tx, CHAIN.value(), above);
      versions.unwind(tx, above);
    });
  }

  /** All versions as they are stored. */
  private Map<String, String> stored() {
    return stored(db);
  }

  private static Map<String, String> stored(DSLContext tx) {
    Map<String, String> tables = new TreeMap<>();
    StateKinds.ALL.forEach(kind ->
        tables.put(
            kind.table().getName(),
            tx.selectFrom(kind.table()).orderBy(1, 2, 3, 4).fetch().formatCSV()));
    return tables;
  }

  /** All versions if the whole history comes in one change; leaves the store as it is. */
  private Map<String, String> madeAtOnce(RandomHistory history) {
    List<Map<String, String>> made = new ArrayList<>();
    database.run(tx -> {
      versions.clear(tx);
      versions.write(
          tx,
          history.blocks().stream().map(BlockRows::point).toList(),
          history.blocks().stream()
              .<TableRecord<?>>flatMap(block -> block.rows().stream())
              .toList());
      made.add(stored(tx));
      tx.connection(java.sql.Connection::rollback);
    });
    return made.getFirst();
  }

  /** The views see only what was written up to the block, and the function all of it. */
  private void assertSameAsTheViews(long seed, RandomHistory history, long height) {
    database.run(tx -> {
      EventTables.deleteAbove(tx, CHAIN.value(), height);
      checkpoint(tx, history.blocks().get((int) height - 1).point());
      SAME_AS_OF.forEach((view, query) -> {
        String asOf = query.formatted(CHAIN + ", " + height);
        String columns = asOf.substring(0, asOf.indexOf("FROM"));
        assertThat(
                tx.fetch(
                    "(%s FROM chain.%s EXCEPT %s) UNION ALL (%s EXCEPT %s FROM chain.%s)"
                        .formatted(columns, view, asOf, asOf, columns, view)))
            .as("seed %d, %s at %d", seed, view, height)
            .isEmpty();
      });
      assertThat(
              tx.fetch(
                  """
                  SELECT license_id, new_holder, effective_at FROM chain.recovery_pending
                   WHERE license_id IN (SELECT license_id FROM chain.license_minted)
                  EXCEPT SELECT license_id, new_holder, new_holder_at FROM chain.licenses_at(?, ?)
                  """,
                  CHAIN.value(),
                  height))
          .as("seed %d, recoveries at %d", seed, height)
          .isEmpty();
      assertThat(
              tx.fetch(
                  """
                  SELECT license_id, terms_uri FROM chain.license_current
                  EXCEPT SELECT license_id, terms_uri FROM chain.terms_at(?, ?)
                  """,
                  CHAIN.value(),
                  height))
          .as("seed %d, terms at %d", seed, height)
          .isEmpty();
      tx.connection(java.sql.Connection::rollback);
    });
  }

  private static void checkpoint(DSLContext tx, BlockPoint head) {
    tx.insertInto(CHECKPOINT)
        .set(CHECKPOINT.CHAIN_ID, CHAIN.value())
        .set(CHECKPOINT.GENESIS_HASH, Hash.ZERO)
        .set(CHECKPOINT.HEAD_NUMBER, head.number())
        .set(CHECKPOINT.HEAD_HASH, head.hash())
        .set(CHECKPOINT.HEAD_TIMESTAMP, head.timestamp())
        .set(CHECKPOINT.SAFE_NUMBER, Math.max(0, head.number() - 2))
        .set(CHECKPOINT.SAFE_HASH, Hash.ZERO)
        .set(CHECKPOINT.FINALIZED_NUMBER, Math.max(0, head.number() - 4))
        .set(CHECKPOINT.FINALIZED_HASH, Hash.ZERO)
        .set(CHECKPOINT.FEED_SEQ, 0L)
        .set(CHECKPOINT.LEASE_EPOCH, 0L)
        .set(CHECKPOINT.UPDATED_AT, Instant.EPOCH)
        .execute();
  }

  @Test
  void payout_shouldTakeEffectInABlockWithoutEvents() {
    Address first = address("first");
    Address second = address("second");
    LicenseId id = LicenseId.of(1);
    write(
        List.of(
            block(1, 100, new LicenseEvent.LicenseMinted(first, id, "")),
            block(2, 110, new LicenseEvent.PayoutScheduled(id, first, 115)),
            block(3, 114),
            block(4, 115),
            block(5, 116, new LicenseEvent.PayoutScheduled(id, second, 200))));
    assertThat(payout(3)).isNull();
    assertThat(payout(4)).isEqualTo(first);
    assertThat(payout(5)).isEqualTo(first);

    write(List.of(block(6, 199)));
    write(List.of(block(7, 200), block(8, 200)));
    assertThat(payout(6)).isEqualTo(first);
    assertThat(payout(7)).isEqualTo(second);

    unwind(6);
    write(List.of(block(7, 199), block(8, 230)));
    assertThat(payout(7)).isEqualTo(first);
    assertThat(payout(8)).isEqualTo(second);
    assertThat(db.fetchCount(LICENSE_STATE)).isEqualTo(5);
  }

  @Test
  void finality_shouldNameItsBlock() {
    checkpoint(db, block(9, 100).point());
    for (Map.Entry<String, Long> level :
        Map.of("unsafe", 9L, "safe", 7L, "finalized", 5L).entrySet()) {
      assertThat(db.fetchValue("SELECT chain.block_at(?, ?)", CHAIN.value(), level.getKey()))
          .isEqualTo(level.getValue());
    }
    assertThat(db.fetchValue("SELECT chain.block_at(?, 'soon')", CHAIN.value())).isNull();
    Database reader = SERVER.as(DatabaseRole.QUERY_API);
    for (String function :
        List.of("licenses_at", "terms_at", "domains_at", "disputes_at", "epochs_at")) {
      assertThat(
              reader
                  .dsl()
                  .fetch(
                      "SELECT * FROM chain.%s({0}, chain.block_at({0}, 'finalized'))"
                          .formatted(function),
                      DSL.val(CHAIN.value())))
          .isEmpty();
    }
  }

  @Test
  void payments_shouldTouchNoVersion() {
    RandomEvents events = new RandomEvents(new Random(1));
    write(List.of(block(1, 100, events.next(PaymentEvent.PaymentMade.class))));

    assertThat(stored().values()).allMatch(csv -> csv.lines().count() == 1);
  }

  private static BlockRows block(
      long number, long time, network.tachi.contracts.event.TachiEvent... events) {
    BlockPoint point = new BlockPoint(number, Keccak.hash("block " + number), Hash.ZERO, time);
    List<IndexedEvent> indexed = new ArrayList<>();
    for (var event : events) {
      indexed.add(
          new IndexedEvent(
              new EventPosition(
                  CHAIN,
                  point,
                  indexed.size(),
                  Hash.ZERO,
                  0,
                  address("contract"),
                  VerifiedBy.RECEIPTS),
              event));
    }
    return BlockRows.of(new VerifiedBlock(point, VerifiedBy.RECEIPTS, indexed, Bytes.EMPTY));
  }

  private @Nullable Address payout(long block) {
    byte[] payout =
        (byte[])
            db.fetchValue("SELECT payout FROM chain.license_at(?, 1, ?)", CHAIN.value(), block);
    return payout == null ? null : Address.of(payout);
  }

  private static Address address(String name) {
    return Address.read(Keccak.hash(name).toBytes(), 0);
  }
}
