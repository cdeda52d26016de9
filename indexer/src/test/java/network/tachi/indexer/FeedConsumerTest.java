package network.tachi.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import network.tachi.contracts.event.ContractKind;
import network.tachi.contracts.event.PaymentEvent;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.store.feed.Feed;
import network.tachi.store.feed.FeedConsumer;
import network.tachi.store.feed.FeedCursor;
import network.tachi.store.feed.FeedEntry;
import network.tachi.store.feed.FeedKind;
import network.tachi.store.feed.FeedSource;
import network.tachi.store.jooq.projection.Projection;
import network.tachi.testkit.TestDatabase;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A consumer that keeps a copy of the payments and their sum by the feed alone, over many forks and
 * deaths. {@code -Dtachi.seed=N} repeats a run.
 */
class FeedConsumerTest {
  private static final System.Logger LOG = System.getLogger(FeedConsumerTest.class.getName());
  private static final ChainId CHAIN = ChainId.of(84532);
  private static final Address CONTRACT =
      Address.parse("0x1111111111111111111111111111111111111111");
  private static final int FORKS = Integer.getInteger("tachi.forks", 1_000);
  private static final Duration LEASE = Duration.ofMinutes(5);

  private final long seed = Long.getLong("tachi.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final TestDatabase server = TestDatabase.create();
  private final Database indexer = server.as(DatabaseRole.INDEXER);
  private final Database owner = server.as(DatabaseRole.OWNER);
  private final IndexerMetrics metrics =
      new IndexerMetrics(new SimpleMeterRegistry(), CHAIN, InstantSource.system());
  private final WriterLease lease = new WriterLease(CHAIN, "the test", indexer, LEASE, metrics);
  private final ChainStore store =
      new ChainStore(
          new IndexedChain(
              CHAIN,
              "test",
              new FollowedContracts(
                  List.of(new FollowedContract(CONTRACT, ContractKind.PAYMENT_PROCESSOR, 1)))),
          indexer,
          lease,
          metrics,
          CommitStage.Probe.NONE);
  private IndexedState state =
      IndexedState.of(CHAIN, new BlockPoint(0, Hash.ofUint(1), Hash.ZERO, 1), Optional.empty());
  private int serial;

  @BeforeEach
  void prepare() {
    assertThat(lease.hold()).isTrue();
    owner
        .dsl()
        .execute(
            """
            CREATE SCHEMA copy;
            CREATE TABLE copy.cursor (text text NOT NULL);
            CREATE TABLE copy.total (amount numeric NOT NULL);
            CREATE TABLE copy.payment (block bigint, log_index int, payment_id bytea, amount numeric,
              PRIMARY KEY (block, log_index));
            """);
  }

  @AfterEach
  void close() {
    lease.close();
    server.close();
  }

  @Test
  void thousandForks_shouldLeaveTheConsumerWithWhatTheStoreHolds() {
    FeedConsumer consumer = consumer();
    int forks = 0;
    int deaths = 0;
    while (forks < FORKS) {
      forks += change();
      if (random.nextInt(3) == 0) {
        Copy copy = new Copy(random.nextInt(4) == 0);
        consumer = consumer(copy, 1 + random.nextInt(5));
        try {
          for (int step = random.nextInt(4); step > 0; step--) {
            consumer.step();
          }
        } catch (Death _) {
          deaths++;
        }
      }
      if (random.nextInt(50) == 0) {
        consumer(new Copy(false), 1 + random.nextInt(100)).drain();
        assertEqualsStore();
      }
    }
    consumer(new Copy(false), 100).drain();
    assertEqualsStore();
    assertThat(deaths).as("seed %d", seed).isPositive();
    LOG.log(
        System.Logger.Level.INFO,
        "feed: " + forks + " forks, " + deaths + " deaths of the consumer, cursor " + cursor());
  }

  @Test
  void databaseThatWasFilledAfresh_shouldBeReadAnew() {
    change();
    change();
    consumer().drain();
    assertEqualsStore();
    String before = cursor();

    // As if the chain's schema had been dropped while the consumer's was kept.
    String projection =
        Projection.PROJECTION.getTables().stream()
            .map(table -> "chain_v1." + table.getName())
            .collect(Collectors.joining(", "));
    owner
        .dsl()
        .execute(
            "TRUNCATE chain.checkpoint, chain.feed, chain.block, chain.block_logs,"
                + " chain.coverage_segment, chain.followed_contract, "
                + projection);
    state =
        IndexedState.of(CHAIN, new BlockPoint(0, Hash.ofUint(1), Hash.ZERO, 1), Optional.empty());
    change();
    consumer().drain();

    assertEqualsStore();
    assertThat(cursor()).isNotEqualTo(before);
  }

  /** One commit, often with a fork; how many forks it made. */
  private int change() {
    long tip = state.tipNumber();
    long depth = tip < 2 || random.nextInt(4) == 0 ? 0 : random.nextLong(Math.min(tip, 12));
    long ancestor = Math.max(0, tip - depth);
    OptionalLong unwind = depth == 0 ? OptionalLong.empty() : OptionalLong.of(ancestor);
    int count = random.nextInt(6) + (depth == 0 ? 1 : 0);
    Hash parent = state.window().at(ancestor).map(BlockPoint::hash).orElse(state.genesis());
    List<VerifiedBlock> blocks = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      VerifiedBlock block = block(ancestor + i, parent);
      parent = block.point().hash();
      blocks.add(block);
    }
    BlockPoint head =
        blocks.isEmpty()
            ? state.window().at(ancestor).orElse(new BlockPoint(0, state.genesis(), Hash.ZERO, 1))
            : blocks.getLast().point();
    Change change =
        new Change(state.genesis(), state.stored(), unwind, blocks, head, state.finality());
    store.commit(change);
    state = state.after(change);
    return change.depth() > 0 ? 1 : 0;
  }

  private VerifiedBlock block(long number, Hash parent) {
    BlockPoint point =
        new BlockPoint(number, Keccak.hash("block " + serial++), parent, 1_000 + number);
    List<IndexedEvent> events = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      EventPosition position =
          new EventPosition(
              CHAIN, point, i, Keccak.hash("tx " + serial++), i, CONTRACT, VerifiedBy.RECEIPTS);
      events.add(
          new IndexedEvent(
              position,
              new PaymentEvent.PaymentMade(
                  Keccak.hash("payment " + serial++),
                  LicenseId.of(1 + random.nextInt(5)),
                  CONTRACT,
                  UsdcAmount.of(1 + random.nextInt(10_000)),
                  Keccak.hash("nonce " + serial++),
                  1,
                  1_000)));
    }
    return new VerifiedBlock(point, VerifiedBy.RECEIPTS, events, Bytes.EMPTY);
  }

  private FeedConsumer consumer() {
    return consumer(new Copy(false), 3);
  }

  private FeedConsumer consumer(Copy copy, int limit) {
    return new FeedConsumer(
        owner, new Feed(Set.of(FeedSource.of(CHAIN), FeedSource.metering())), copy, copy, limit);
  }

  private String cursor() {
    return owner.dsl().fetchSingle("SELECT text FROM copy.cursor").get(0, String.class);
  }

  private void assertEqualsStore() {
    String copied = owner.dsl().fetch("SELECT * FROM copy.payment ORDER BY 1, 2").formatCSV();
    String stored =
        owner
            .dsl()
            .fetch(
                "SELECT block_number AS block, log_index, payment_id, amount FROM"
                    + " chain.payment_made ORDER BY 1, 2")
            .formatCSV();
    assertThat(copied).as("seed %d", seed).isEqualTo(stored);
    assertThat(
            owner
                .dsl()
                .fetchSingle(
                    "SELECT (SELECT amount FROM copy.total) - (SELECT coalesce(sum(amount), 0)"
                        + " FROM chain.payment_made)")
                .get(0, Long.class))
        .as("seed %d: an amount counted twice or not at all", seed)
        .isZero();
  }

  /** The death of the consumer in the middle of its transaction. */
  private static final class Death extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** A copy of the payments, and a sum that shows whether anything was applied twice. */
  private static final class Copy implements FeedConsumer.Handler, FeedConsumer.Cursors {
    private final boolean dying;

    Copy(boolean dying) {
      this.dying = dying;
    }

    @Override
    public Optional<FeedCursor> load(DSLContext tx) {
      return tx.fetchOptional("SELECT text FROM copy.cursor FOR UPDATE")
          .map(row -> FeedCursor.parse(row.get(0, String.class)));
    }

    @Override
    public void save(DSLContext tx, FeedCursor cursor) {
      tx.execute("DELETE FROM copy.cursor");
      tx.execute("INSERT INTO copy.cursor VALUES (?)", cursor.toString());
      if (dying) {
        throw new Death();
      }
    }

    @Override
    public void rebuild(DSLContext tx) {
      tx.execute("DELETE FROM copy.payment");
      tx.execute("DELETE FROM copy.total");
      tx.execute("INSERT INTO copy.total VALUES (0)");
      add(tx, 0, Long.MAX_VALUE);
    }

    @Override
    public void apply(DSLContext tx, List<FeedEntry> entries) {
      for (FeedEntry entry : entries) {
        if (entry.kind() == FeedKind.BLOCKS) {
          add(tx, entry.first(), entry.last());
        } else if (entry.kind() == FeedKind.FORK) {
          tx.execute(
              """
              WITH gone AS (DELETE FROM copy.payment WHERE block >= ? RETURNING amount)
              UPDATE copy.total SET amount = amount - (SELECT coalesce(sum(amount), 0) FROM gone)
              """,
              entry.first());
        }
      }
    }

    private static void add(DSLContext tx, long first, long last) {
      tx.execute(
          """
          WITH come AS (
            INSERT INTO copy.payment
            SELECT block_number, log_index, payment_id, amount FROM chain.payment_made
            WHERE block_number BETWEEN ? AND ? RETURNING amount)
          UPDATE copy.total SET amount = amount + (SELECT coalesce(sum(amount), 0) FROM come)
          """,
          first,
          last);
    }
  }
}
