package network.tachi.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import network.tachi.indexer.IndexerStatus.State;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.store.EventTables;
import network.tachi.store.ProjectionSchema;
import network.tachi.testkit.AnvilOptions;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Another form of the projection takes the place of the one that readers see, and back, while
 * blocks come and go and readers read without a pause. {@code -Dtachi.seed=N} repeats a run, {@code
 * -Dtachi.reads=N} makes it longer.
 */
class ProjectionDeployTest {
  private static final System.Logger LOG = System.getLogger(ProjectionDeployTest.class.getName());
  private static final ProjectionSchema V1 = ProjectionSchema.CURRENT;
  private static final ProjectionSchema V2 = V1.next();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long READS = Long.getLong("tachi.reads", 300);

  /**
   * A form with another shape: a column more, an index more, and a sum that is no table but a view.
   */
  private static final String CHANGED_FORM =
      """
      CREATE SCHEMA chain_v2;
      DO $$
      DECLARE
        relation name;
      BEGIN
        FOR relation IN SELECT tablename FROM pg_tables WHERE schemaname = 'chain_v1' LOOP
          EXECUTE format('CREATE TABLE chain_v2.%1$I (LIKE chain_v1.%1$I INCLUDING ALL)', relation);
        END LOOP;
      END
      $$;
      ALTER TABLE chain_v2.payment_made ADD COLUMN amount_usd numeric GENERATED ALWAYS AS (amount / 1000000) STORED;
      CREATE INDEX payment_made_by_usd ON chain_v2.payment_made (amount_usd);
      INSERT INTO upkeep.projection_view VALUES ('chain_v2', 'license_total', $$
        SELECT chain_id, license_id, sum(amount)::types.uint256 AS amount, count(*) AS payments,
               max(block_number) AS block_number
        FROM chain_v2.payment_made GROUP BY chain_id, license_id $$);
      INSERT INTO upkeep.projection_view VALUES ('chain_v2', 'payment_made', $$
        SELECT %s FROM chain_v2.payment_made $$);
      """;

  private final long seed = Long.getLong("tachi.seed", System.nanoTime());
  private final Scenario scenario = new Scenario(AnvilOptions.BASE);
  private final EmitterChain chain = scenario.chain();
  private final Database owner = scenario.server().as(DatabaseRole.OWNER);
  private final ProjectionDeploy deploy =
      new ProjectionDeploy(scenario.server().another(DatabaseRole.INDEXER));
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicLong reads = new AtomicLong();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();

  @AfterEach
  void close() throws InterruptedException {
    stopped.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    scenario.close();
  }

  @Test
  void changedForm_shouldTakeThePlaceAndGoBackWithoutAFailedRead() {
    owner
        .dsl()
        .execute(CHANGED_FORM.replace("%s", columns(owner.dsl(), "chain_v1", "payment_made")));
    chain.mineBlocksOfPayments(60);
    scenario.indexer().start();
    Await.until(PATIENCE, () -> scenario.indexer().status().state() == State.FOLLOWING);
    startReaders(3);
    startMiner();
    awaitReads();

    assertThat(deploy.prepare()).isEqualTo(V2);
    assertThat(deploy.live()).isEqualTo(V1);
    awaitReads();
    Duration shown = time(() -> deploy.show(V2));
    assertThat(deploy.live()).isEqualTo(V2);
    awaitReads();
    Duration back = time(() -> assertThat(deploy.rollBack()).isEqualTo(V1));
    awaitReads();
    Duration again =
        time(() -> {
          assertThat(deploy.prepare()).isEqualTo(V2);
          deploy.show(V2);
        });
    awaitReads();
    assertFormsAreEqual();
    assertThat(deploy.dropOthers()).containsExactly(V1);
    awaitReads();

    LOG.log(
        System.Logger.Level.INFO,
        "deploy: %d reads, %d failed; shown in %s, back in %s, again in %s"
            .formatted(reads.get(), failures.size(), shown, back, again));
    assertThat(failures).as("seed %d", seed).isEmpty();
    assertThat(back).isLessThanOrEqualTo(Duration.ofSeconds(1));
    stopMining();
    Await.until(PATIENCE, () -> scenario.checkpoint().getHeadNumber() == chain.head());
    scenario.assertEqualsChain();
    scenario.feed();
  }

  @Test
  void sameForm_shouldBeMadeAgainFromTheLogsAlone() {
    chain.mineBlocksOfPayments(30);
    scenario.index();
    deploy.prepare();
    chain.reorgWithPayments(5, 2);
    chain.mineBlocksOfPayments(3);
    scenario.index();
    assertFormsAreEqual();
    deploy.show(V2);
    chain.mineBlocksOfPayments(2);
    scenario.index();
    assertFormsAreEqual();
    scenario.assertEqualsChain();
  }

  @Test
  void forkWhileAFormIsFilled_shouldBeTakenBackThere() {
    chain.mineBlocksOfPayments(20);
    scenario.index();
    owner.dsl().execute("SELECT upkeep.create_projection('chain_v2')");
    ProjectionFill fill =
        new ProjectionFill(
            scenario.database(), chain.anvil().chain(), chain.indexed().contracts(), V2);
    assertThat(fill.step().isLevel()).isTrue();
    chain.reorgWithPayments(6, 1);
    chain.mineBlocksOfPayments(2);
    scenario.index();
    assertThat(fill.step().isLevel()).isTrue();
    assertFormsAreEqual();
  }

  @Test
  void formThatThisVersionCannotWrite_shouldBeRefusedAndChangeNothing() {
    chain.mineBlocksOfPayments(3);
    scenario.index();
    owner.dsl().execute("SELECT upkeep.create_projection('chain_v2')");
    owner.dsl().execute("ALTER TABLE chain_v2.payment_made ADD COLUMN currency text NOT NULL");
    assertThatThrownBy(() -> deploy.prepare())
        .isInstanceOf(ProjectionException.class)
        .hasMessageContaining("payment_made needs a value for currency");
    assertThat(deploy.live()).isEqualTo(V1);
    assertThatThrownBy(deploy::rollBack)
        .isInstanceOf(ProjectionException.class)
        .hasMessageContaining("deploy one first");
  }

  @Test
  void writerOfAnOlderVersion_shouldLeaveTheChainToANewerOne() {
    chain.mineBlocksOfPayments(3);
    scenario.index();
    deploy.prepare();
    owner
        .dsl()
        .execute(
            "ALTER TABLE chain_v2.payment_made ADD COLUMN currency text NOT NULL DEFAULT 'USDC';"
                + " ALTER TABLE chain_v2.payment_made ALTER COLUMN currency DROP DEFAULT");
    scenario.restart();
    chain.mineBlocksOfPayments(1);
    long head = scenario.checkpoint().getHeadNumber();

    scenario.indexer().turn();

    assertThat(scenario.indexer().status().state()).isEqualTo(State.HALTED);
    assertThat(scenario.indexer().status().reason()).isEqualTo("projection_unknown");
    assertThat(scenario.checkpoint().getHeadNumber()).isEqualTo(head);
    owner.dsl().execute("ALTER TABLE chain_v2.payment_made DROP COLUMN currency");
    try (Indexer newer = scenario.create(scenario.rpc(), CommitStage.Probe.NONE)) {
      newer.turn();
      assertThat(newer.status().state()).isEqualTo(State.FOLLOWING);
    }
    assertFormsAreEqual();
  }

  @Test
  void snapshotOlderThanTheForm_shouldBeWaitedFor() throws Exception {
    chain.mineBlocksOfPayments(3);
    scenario.index();
    CountDownLatch open = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    Thread old =
        Thread.ofPlatform()
            .start(() ->
                owner.snapshot(tx -> {
                  tx.fetch("SELECT count(*) FROM chain.payment_made");
                  open.countDown();
                  await(end);
                  return check(tx);
                }));
    await(open);
    deploy.prepare();
    Thread shown = Thread.ofPlatform().start(() -> deploy.show(V2));
    assertThat(shown.join(Duration.ofMillis(300))).as("shown too early").isFalse();
    assertThat(deploy.live()).isEqualTo(V1);

    end.countDown();
    old.join();
    shown.join();
    assertThat(deploy.live()).isEqualTo(V2);
    assertThat(failures).isEmpty();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static Duration time(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private void startReaders(int count) {
    for (int i = 0; i < count; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                while (!stopped.get()) {
                  try {
                    owner.snapshot(this::check);
                  } catch (RuntimeException e) {
                    failures.add(e);
                  }
                  reads.incrementAndGet();
                }
              }));
    }
  }

  private void startMiner() {
    Random random = new Random(seed);
    threads.add(
        Thread.ofPlatform()
            .start(() -> {
              while (!stopped.get()) {
                if (random.nextInt(4) == 0) {
                  chain.reorgWithPayments(1 + random.nextInt(5), random.nextInt(3));
                }
                chain.mineBlocksOfPayments(1);
                LockSupport.parkNanos(Duration.ofMillis(30).toNanos());
              }
            }));
  }

  private void stopMining() {
    stopped.set(true);
    Await.until(PATIENCE, () -> threads.stream().noneMatch(Thread::isAlive));
  }

  private void awaitReads() {
    long enough = reads.get() + READS;
    Await.until(PATIENCE, () -> reads.get() >= enough);
  }

  /** One snapshot: payments, their sums and the blocks that hold them say the same. */
  private boolean check(DSLContext tx) {
    Record row =
        tx.fetchSingle(
            """
            SELECT (SELECT count(*) FROM chain.payment_made) AS payments,
                   (SELECT coalesce(sum(amount), 0) FROM chain.payment_made) AS paid,
                   (SELECT coalesce(sum(amount), 0) FROM chain.license_total) AS total,
                   (SELECT coalesce(sum(log_count), 0) FROM chain.block) AS logs
            """);
    long later = tx.fetchSingle("SELECT count(*) FROM chain.payment_current").get(0, Long.class);
    long payments = row.get("payments", Long.class);
    if (payments != row.get("logs", Long.class)
        || payments != later
        || row.get("paid", BigDecimal.class).compareTo(row.get("total", BigDecimal.class)) != 0) {
      failures.add(new AssertionError("unequal answers: " + row + ", then " + later));
    }
    return true;
  }

  private void assertFormsAreEqual() {
    owner.snapshot(tx -> {
      for (Table<?> table : EventTables.all()) {
        assertThat(rows(tx, V2, table.getName()))
            .as(table.getName())
            .isEqualTo(rows(tx, V1, table.getName()));
      }
      assertThat(rows(tx, V2, "license_total")).isEqualTo(rows(tx, V1, "license_total"));
      return true;
    });
  }

  private static String rows(DSLContext tx, ProjectionSchema schema, String table) {
    return tx.fetch(
            "SELECT "
                + columns(tx, V1.name(), table)
                + " FROM "
                + schema
                + "."
                + table
                + " ORDER BY 1, 2, 3")
        .formatCSV();
  }

  private static String columns(DSLContext tx, String schema, String table) {
    return tx.fetchSingle(
            "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM"
                + " information_schema.columns WHERE table_schema = ? AND table_name = ?",
            schema,
            table)
        .get(0, String.class);
  }
}
