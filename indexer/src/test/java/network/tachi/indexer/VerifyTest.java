package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.BLOCK;
import static network.tachi.store.jooq.chain.Tables.COVERAGE_SEGMENT;
import static network.tachi.store.jooq.projection.Tables.BLOCK_DIGEST;
import static network.tachi.store.jooq.projection.Tables.PAYMENT_MADE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Optional;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;
import network.tachi.indexer.ChainAudit.Difference;
import network.tachi.indexer.ChainAudit.Report;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.store.jooq.projection.tables.records.PaymentMadeRecord;
import network.tachi.testkit.AnvilOptions;
import network.tachi.testkit.FakeJsonRpcNode;
import network.tachi.testkit.TestDatabase;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A store in which somebody changed something: it must be named, and nothing else. */
class VerifyTest {
  private static Scenario scenario;
  private static EmitterChain chain;
  private static long target;

  private TestDatabase copy;
  private DSLContext owner;

  @BeforeAll
  static void index() {
    scenario = new Scenario(AnvilOptions.ETHEREUM);
    chain = scenario.chain();
    for (int i = 0; i < 12; i++) {
      chain.mineBlocksOfPayments(2);
      chain.anvil().mine(i % 3);
    }
    target = 7;
    scenario.index();
  }

  @AfterAll
  static void stop() {
    scenario.close();
  }

  @BeforeEach
  void backfill() {
    copy = scenario.freshBackfill();
    owner = copy.as(DatabaseRole.OWNER).dsl();
    while (owner.fetchCount(PAYMENT_MADE, PAYMENT_MADE.BLOCK_NUMBER.eq(target)) == 0) {
      target++;
    }
  }

  @AfterEach
  void close() {
    copy.close();
  }

  private Report verify() {
    return verify(1, chain.head());
  }

  private Report verify(long from, long to) {
    return ChainAudit.byReceipts(chain.indexed(), scenario.rpc(), copy.as(DatabaseRole.INDEXER))
        .verify(from, to);
  }

  private StoreComparison.Result compare() {
    return new StoreComparison(
            chain.indexed().id(), scenario.database(), copy.as(DatabaseRole.INDEXER))
        .compare();
  }

  private PaymentMadeRecord payment() {
    return owner
        .selectFrom(PAYMENT_MADE)
        .where(PAYMENT_MADE.BLOCK_NUMBER.eq(target))
        .orderBy(PAYMENT_MADE.LOG_INDEX.desc())
        .limit(1)
        .fetchSingle();
  }

  @Test
  void storeThatNobodyTouched_shouldBeClean() {
    Report report = verify();

    assertThat(report.differences()).isEmpty();
    assertThat(report.events()).isEqualTo(48);
    assertThat(compare().firstDifferent()).isEmpty();
    assertThat(compare().to()).isEqualTo(chain.head());
  }

  @Test
  void changedValue_shouldBeNamedWithItsColumn() {
    PaymentMadeRecord row = payment();
    UsdcAmount right = row.getAmount();
    owner
        .update(PAYMENT_MADE)
        .set(PAYMENT_MADE.AMOUNT, UsdcAmount.of(1))
        .where(PAYMENT_MADE.PAYMENT_ID.eq(row.getPaymentId()))
        .execute();

    assertThat(verify().differences())
        .extracting(Difference::table)
        .containsExactlyInAnyOrder("payment_made", "license_total", "block_digest");
    Difference named = verify(target, target).differences().getFirst();
    assertThat(named)
        .isEqualTo(
            new Difference(
                "payment_made", target, row.getLogIndex(), "amount", right.toString(), "1"));
    assertThat(named)
        .hasToString(
            "payment_made block %d log %d amount: expected %s, found 1"
                .formatted(target, row.getLogIndex(), right));
    assertThat(verify(target + 1, chain.head()).differences())
        .extracting(Difference::table)
        .containsExactly("license_total");
    assertThat(compare().firstDifferent()).as("its digest was not changed").isEmpty();
  }

  @Test
  void wrongRowsWithTheirOwnDigests_shouldBeFoundByHalving() {
    PaymentMadeRecord row = payment();
    owner
        .update(PAYMENT_MADE)
        .set(PAYMENT_MADE.LICENSE_ID, 99L)
        .where(PAYMENT_MADE.PAYMENT_ID.eq(row.getPaymentId()))
        .execute();
    copy.as(DatabaseRole.INDEXER)
        .run(tx ->
            new History(
                    chain.indexed().id(),
                    1,
                    new IndexerMetrics(
                        new io.micrometer.core.instrument.simple.SimpleMeterRegistry(),
                        chain.indexed().id(),
                        java.time.InstantSource.system()))
                .derive(tx));

    StoreComparison.Result result = compare();
    assertThat(result.firstDifferent()).isEqualTo(Optional.of(target));
    assertThat(result.differences())
        .containsExactly(
            new Difference(
                "payment_made",
                target,
                row.getLogIndex(),
                "license_id",
                row.getLicenseId().toString(),
                "99"));
    assertThat(verify().differences())
        .extracting(Difference::table)
        .containsExactlyInAnyOrder("payment_made", "license_total");
  }

  @Test
  void missingAndForeignRows_shouldBeNamed() {
    PaymentMadeRecord row = payment();
    owner.deleteFrom(PAYMENT_MADE).where(PAYMENT_MADE.PAYMENT_ID.eq(row.getPaymentId())).execute();
    PaymentMadeRecord foreign = row.into(PAYMENT_MADE);
    foreign.setLogIndex(77);
    owner.batchInsert(foreign).execute();

    List<Difference> found = verify(target, target).differences();
    assertThat(found)
        .filteredOn(difference -> difference.table().equals("payment_made"))
        .extracting(Difference::logIndex)
        .containsExactly(row.getLogIndex(), 77);
    assertThat(found).extracting(Difference::table).contains("block_digest");
  }

  @Test
  void changedDigestBlockAndCoverage_shouldBeNamed() {
    owner
        .update(BLOCK_DIGEST)
        .set(BLOCK_DIGEST.DIGEST, Hash.ZERO)
        .where(BLOCK_DIGEST.NUMBER.eq(target))
        .execute();
    owner.update(BLOCK).set(BLOCK.TIMESTAMP, 5L).where(BLOCK.NUMBER.eq(target)).execute();
    owner.deleteFrom(COVERAGE_SEGMENT).execute();

    assertThat(verify().differences())
        .extracting(Difference::table, Difference::block)
        .contains(tuple("block", target), tuple("block_digest", target), tuple("coverage", 1L));
  }

  @Test
  void lyingNode_shouldNotBeBelieved() {
    try (FaultyNode node = new FaultyNode(chain.anvil().uri())) {
      node.become((call, result) ->
          call.method().equals("eth_getBlockReceipts")
              ? new FakeJsonRpcNode.Answer.Result("[]")
              : FaultyNode.honest(call, result));
      Database database = copy.as(DatabaseRole.INDEXER);

      assertThatThrownBy(() ->
              ChainAudit.byReceipts(chain.indexed(), node.client(), database)
                  .verify(1, chain.head()))
          .isInstanceOf(RejectedAnswerException.class);
    }
  }
}
