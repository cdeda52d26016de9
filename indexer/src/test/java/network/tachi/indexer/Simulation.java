package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.CHECKPOINT;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import network.tachi.contracts.event.ContractKind;
import network.tachi.evm.ChainId;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.JsonRpcOptions;
import network.tachi.indexer.IndexerStatus.State;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.store.jooq.projection.Projection;
import network.tachi.testkit.TestDatabase;
import network.tachi.testkit.chain.AnswerFault;
import network.tachi.testkit.chain.CallFault;
import network.tachi.testkit.chain.ChainSpec;
import network.tachi.testkit.chain.Faults;
import network.tachi.testkit.chain.GeneratedChain;
import network.tachi.testkit.chain.GeneratedContracts;
import network.tachi.testkit.chain.Replacement;
import network.tachi.testkit.chain.ReplayNode;
import network.tachi.testkit.chain.ReplayServer;
import network.tachi.testkit.chain.Stories;
import network.tachi.testkit.chain.Tip;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One schedule of {@link SimulatorTest}. */
final class Simulation {
  private static final JsonRpcOptions CLIENT =
      JsonRpcOptions.DEFAULTS.withRequestTimeout(Duration.ofMillis(400));
  private static final int MAX_TURNS = 400;

  /** What the store holds of a chain, table by table, as numbers of rows and their hash. */
  private static final String FINGERPRINT =
      Stream.concat(
              Projection.PROJECTION.getTables().stream()
                  .map(table -> "chain_v1." + table.getName()),
              Stream.of("chain.block", "chain.block_logs"))
          .map(
              """
              SELECT '%1$s' AS name, count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '')
                FROM %1$s AS t WHERE chain_id = {0}
              """
                  ::formatted)
          .collect(Collectors.joining(" UNION ALL "));

  private final RandomGenerator random;
  private final TestDatabase server;
  private final Database database;
  private final Database breaker;
  private final Database fresh;
  private final ChainId id;
  private final ReplayNode node;
  private final Map<RpcFault, Integer> used = new EnumMap<>(RpcFault.class);
  private final List<String> log = new ArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private long forks;
  private int dieIn = -1;

  /** Says that the process died here. */
  private static final class Death extends Error {
    private static final long serialVersionUID = 1;
  }

  Simulation(long seed, int chain, TestDatabase server, Database breaker, TestDatabase fresh) {
    this.random = new SplittableRandom(seed);
    this.server = server;
    this.database = server.as(DatabaseRole.INDEXER);
    this.breaker = breaker;
    this.fresh = fresh.as(DatabaseRole.INDEXER);
    this.id = ChainId.of(chain);
    Stories stories = Stories.busy(10 + random.nextInt(60));
    ChainSpec spec =
        random.nextBoolean() ? ChainSpec.base(seed, stories) : ChainSpec.ethereum(seed, stories);
    GeneratedChain generated = GeneratedChain.create(spec.withChain(id));
    this.node =
        new ReplayNode(generated, generated.extend(generated.genesis(), 1 + random.nextInt(80)));
    int lag = 4 + random.nextInt(70);
    node.finality(lag / 2, lag, 1 + random.nextInt(20));
  }

  /** What was done, in order. */
  List<String> log() {
    return List.copyOf(log);
  }

  Map<RpcFault, Integer> used() {
    return used;
  }

  long forks() {
    return forks;
  }

  long refused() {
    return (long)
        meters.find("tachi.indexer.answers.rejected").counters().stream()
            .mapToDouble(counter -> counter.count())
            .sum();
  }

  /** Runs it to its end, where the store must be as one that is filled afresh. */
  void run() {
    try (ReplayServer replay = ReplayServer.start(node);
        JsonRpcClient rpc = new JsonRpcClient(replay.uri(), CLIENT)) {
      Indexer indexer = create(rpc, database);
      try {
        for (int steps = 8 + random.nextInt(20); steps > 0; steps--) {
          indexer = step(indexer, rpc);
        }
        node.faults(Faults.NONE);
        dieIn = -1;
        toHead(indexer);
      } finally {
        indexer.close();
      }
      try (Indexer other = create(rpc, fresh)) {
        toHead(other);
      }
      assertThat(fingerprint(breaker)).isEqualTo(fingerprint(fresh));
      assertFeedIsWhole();
    }
  }

  private Indexer step(Indexer indexer, JsonRpcClient rpc) {
    switch (random.nextInt(10)) {
      case 0, 1 -> {
        int blocks = 1 + random.nextInt(random.nextInt(4) == 0 ? 60 : 5);
        log.add("mine " + blocks);
        node.mine(blocks);
      }
      case 2, 3 -> reorg();
      case 4, 5 -> falsify();
      case 6 -> {
        log.add("honest");
        node.faults(Faults.NONE);
      }
      case 7 -> {
        dieIn = random.nextInt(2 * CommitStage.values().length);
        log.add("die in " + dieIn);
      }
      case 8 -> {
        log.add("connections break");
        breaker
            .dsl()
            .execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ="
                    + " current_database() AND usename = current_user AND pid <> pg_backend_pid()");
      }
      default -> {
        return takeOver(indexer, rpc);
      }
    }
    for (int turns = random.nextInt(4); turns > 0; turns--) {
      try {
        indexer.turn();
      } catch (Death _) {
        log.add("died");
        indexer.close();
        return create(rpc, database);
      }
    }
    return indexer;
  }

  private <T> T any(T[] values) {
    return values[random.nextInt(values.length)];
  }

  private void reorg() {
    long most = node.head().number() - node.finalized().number();
    if (most < 1) {
      return;
    }
    long depth = 1 + random.nextLong(Math.min(64, most));
    long blocks = Math.max(1, depth - 2 + random.nextInt(5));
    Replacement replacement = any(Replacement.values());
    Tip before = node.head();
    log.add("reorg " + depth + " to " + blocks + " " + replacement);
    node.reorg(depth, blocks, replacement);
    forks++;
    if (random.nextInt(4) == 0
        && before.number() >= node.finalized().number()
        && before.contains(node.finalized().block())) {
      log.add("and back");
      node.show(before);
      forks++;
    }
  }

  /** Another process takes the lease; the old one wakes up once more and must write nothing. */
  private Indexer takeOver(Indexer old, JsonRpcClient rpc) {
    log.add("take over");
    Indexer next = create(rpc, database);
    for (int i = 0; i < 50 && next.status().state() != State.FOLLOWING; i++) {
      server
          .as(DatabaseRole.OWNER)
          .dsl()
          .execute(
              "UPDATE chain.lease SET expires_at = now() - interval '1 s' WHERE chain_id = ?",
              id.value());
      if (turn(next) && next.status().state() != State.STANDBY) {
        break;
      }
    }
    turn(old);
    old.close();
    return next;
  }

  private static boolean turn(Indexer indexer) {
    try {
      indexer.turn();
      return true;
    } catch (Death _) {
      return false;
    }
  }

  private void falsify() {
    Set<RpcFault> kinds = EnumSet.noneOf(RpcFault.class);
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      kinds.add(any(RpcFault.values()));
    }
    log.add("faults " + kinds);
    node.faults(new FalseAnswers(kinds, random.nextLong(), 1 + random.nextInt(4)));
  }

  /** One answer of some goes wrong in one of these ways. */
  private final class FalseAnswers implements Faults {
    private final List<RpcFault> kinds;
    private final RandomGenerator own;
    private final int oneIn;
    private @Nullable JsonNode receipts;
    private @Nullable JsonNode header;

    FalseAnswers(Set<RpcFault> kinds, long seed, int oneIn) {
      this.kinds = List.copyOf(kinds);
      this.own = new SplittableRandom(seed);
      this.oneIn = oneIn;
    }

    @Override
    public synchronized AnswerFault answer(List<Call> calls) {
      RpcFault fault = kinds.get(own.nextInt(kinds.size()));
      if (fault.of() != RpcFault.Of.ANSWER || own.nextInt(oneIn) != 0) {
        return AnswerFault.NONE;
      }
      used.merge(fault, 1, Integer::sum);
      return fault.answer();
    }

    @Override
    public synchronized CallFault call(Call call) {
      RpcFault fault = kinds.get(own.nextInt(kinds.size()));
      if (!fault.concerns(call.method()) || own.nextInt(oneIn) != 0) {
        return CallFault.NONE;
      }
      // Who is alone and says that a true block is final is believed.
      if (fault == RpcFault.HEADER_OF_ANOTHER_BLOCK
          && (call.params().path(0).asString().equals("finalized")
              || call.params().path(0).asString().equals("safe"))) {
        return CallFault.NONE;
      }
      used.merge(fault, 1, Integer::sum);
      return switch (fault) {
        case OTHER_FORK, HEAD_GOES_BACK -> new CallFault.SeenFrom(other(fault));
        case RECEIPTS_OF_ANOTHER_BLOCK, HEADER_OF_ANOTHER_BLOCK ->
            new CallFault.Changed(result -> {
              @Nullable JsonNode earlier = fault.of() == RpcFault.Of.HEADER ? header : receipts;
              if (fault.of() == RpcFault.Of.HEADER) {
                header = result.deepCopy();
              } else {
                receipts = result.deepCopy();
              }
              return earlier == null ? result : earlier.deepCopy();
            });
        default -> {
          CallFault plain = fault.call();
          yield plain.equals(CallFault.NONE)
              ? new CallFault.Changed(result -> fault.change(result, own))
              : plain;
        }
      };
    }

    /** A head that is not above the right one, nor below what is final. */
    private Tip other(RpcFault fault) {
      Tip head = node.head();
      long most = head.number() - node.finalized().number();
      long depth = most < 1 ? 0 : own.nextLong(most);
      return fault == RpcFault.HEAD_GOES_BACK || depth == 0
          ? head.at(head.number() - depth)
          : node.chain().fork(head, depth, depth, Replacement.OTHER);
    }
  }

  private Indexer create(JsonRpcClient rpc, Database where) {
    GeneratedContracts at = GeneratedContracts.DEFAULT;
    return Indexer.create(
        new IndexerRole.Source(
            new IndexedChain(
                id,
                "simulated",
                new FollowedContracts(
                    List.of(
                        new FollowedContract(at.licenses(), ContractKind.CRAWL_LICENSE, 1),
                        new FollowedContract(at.payments(), ContractKind.PAYMENT_PROCESSOR, 1),
                        new FollowedContract(at.disputes(), ContractKind.DISPUTE_RESOLVER, 1)))),
            rpc),
        where,
        meters,
        InstantSource.system(),
        Scenario.SETTINGS,
        where == fresh ? CommitStage.Probe.NONE : this::reached);
  }

  private void reached(CommitStage stage) {
    if (dieIn >= 0 && dieIn-- == 0) {
      log.add("death at " + stage);
      throw new Death();
    }
  }

  private void toHead(Indexer indexer) {
    for (int i = 0; i < MAX_TURNS; i++) {
      indexer.turn();
      if (indexer.status().state() == State.FOLLOWING && head(indexer)) {
        return;
      }
    }
    throw new AssertionError("not at " + node.head() + " but " + indexer.status());
  }

  private boolean head(Indexer indexer) {
    return indexer.status().indexed() == node.head().number()
        && indexer.status().finalized() == node.finalized().number();
  }

  private Map<String, String> fingerprint(Database where) {
    Map<String, String> rows = new TreeMap<>();
    where
        .dsl()
        .fetch(FINGERPRINT, DSL.val(id.value()))
        .forEach(row -> rows.put(row.get(0, String.class), row.get(1, String.class)));
    rows.put(
        "coverage",
        where
            .dsl()
            .fetch("SELECT * FROM chain.coverage_of(?, 1, ?)", id.value(), node.head().number())
            .formatCSV());
    rows.put(
        "head",
        where
            .dsl()
            .select(CHECKPOINT.HEAD_HASH, CHECKPOINT.FINALIZED_HASH)
            .from(CHECKPOINT)
            .where(CHECKPOINT.CHAIN_ID.eq(id.value()))
            .fetch()
            .formatCSV());
    return rows;
  }

  private void assertFeedIsWhole() {
    var feed =
        breaker
            .dsl()
            .fetchSingle(
                """
                SELECT min(f.seq), max(f.seq), count(*), max(c.feed_seq),
                       (SELECT count(*) FROM chain.feed a JOIN chain.feed b USING (chain_id)
                         WHERE chain_id = {0} AND b.seq = a.seq + 1 AND b.lease_epoch < a.lease_epoch)
                  FROM chain.feed f JOIN chain.checkpoint c USING (chain_id) WHERE chain_id = {0}
                """,
                DSL.val(id.value()));
    assertThat(feed.get(0, Long.class)).isEqualTo(1);
    assertThat(feed.get(1, Long.class))
        .isEqualTo(feed.get(2, Long.class))
        .isEqualTo(feed.get(3, Long.class));
    assertThat(feed.get(4, Long.class)).as("rows of a writer after the next one's").isZero();
  }
}
