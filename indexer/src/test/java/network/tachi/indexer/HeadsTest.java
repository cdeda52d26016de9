package network.tachi.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import network.tachi.evm.rpc.pool.EndpointState;
import network.tachi.evm.rpc.pool.PoolListener;
import network.tachi.testkit.chain.CallFault;
import network.tachi.testkit.chain.ChainSpec;
import network.tachi.testkit.chain.Faults;
import network.tachi.testkit.chain.GeneratedChain;
import network.tachi.testkit.chain.Pace;
import network.tachi.testkit.chain.Payments;
import network.tachi.testkit.chain.ReplayNode;
import network.tachi.testkit.chain.ReplayServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Heads of a chain with 200 ms blocks: how they are heard of, and what is noticed when not. */
@Timeout(120)
class HeadsTest {
  private static final Duration NOTICED = Duration.ofSeconds(5);

  private static Live live(ReplayServer rpc, ReplayServer heads) {
    return new Live(Live.SPEC, List.of(rpc), List.of(heads), PoolListener.NONE);
  }

  private static Live polling(ReplayServer... rpc) {
    return new Live(Live.SPEC, List.of(rpc), List.of(), PoolListener.NONE);
  }

  private static Pace pace(ReplayNode node) {
    return Pace.start(node, Live.BLOCK, 10_000);
  }

  @Test
  void announcedHeads_shouldCostLittleMoreThanACallEach() throws Exception {
    ReplayNode node = Live.node();
    ReplayServer server = ReplayServer.start(node);
    try (Live live = live(server, server)) {
      live.awaitHead(node);
      Live.await("announced", () -> live.gauge("heads.live") == 1);
      long calls = sum(node);
      long first = node.head().number();
      try (Pace pace = Pace.start(node, Live.BLOCK, 100)) {
        pace.join();
      }
      live.awaitHead(node);
      double perBlock = (double) (sum(node) - calls) / (node.head().number() - first);
      assertThat(perBlock).isBetween(1.0, 1.2);
      assertThat(live.meters().get("tachi.indexer.head.to.commit").timer().count())
          .as("commits of announced heads")
          .isGreaterThan(80);
      assertThat(live.count("heads.stalled")).isZero();
    }
  }

  private static long sum(ReplayNode node) {
    return node.calls().values().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void blockWithEvents_shouldComeWithItsReceipts() throws Exception {
    GeneratedChain chain = GeneratedChain.create(ChainSpec.base(42, Payments.sparse(1, 3)));
    ReplayNode node = Live.node(chain, 20);
    ReplayServer server = ReplayServer.start(node);
    try (Live live = new Live(chain.spec(), List.of(server), List.of(server), PoolListener.NONE)) {
      live.awaitHead(node);
      Live.await("announced", () -> live.gauge("heads.live") == 1);
      long requests = node.requests();
      try (Pace pace = Pace.start(node, Live.BLOCK, 20)) {
        pace.join();
      }
      live.awaitHead(node);
      assertThat(node.requests() - requests).as("requests for 20 blocks").isLessThan(26);
    }
  }

  @Test
  void silentSocket_shouldBeReplacedByPollingAndComeBack() throws Exception {
    ReplayNode node = Live.node();
    ReplayServer rpc = ReplayServer.start(node);
    ReplayServer heads = ReplayServer.start(node);
    try (Live live = live(rpc, heads)) {
      live.awaitHead(node);
      Live.await("announced", () -> live.gauge("heads.live") == 1);
      live.keep(pace(node));
      heads.deaf(true);
      Await.until(() -> "noticed", NOTICED, () -> live.count("heads.stalled") > 0);
      Live.await(
          "followed by polling",
          () -> node.head().number() - live.indexer().status().indexed() <= 1);
      assertThat(live.indexer().notReady()).isEmpty();
      heads.deaf(false);
      heads.dropConnections();
      Live.await("announced again", () -> live.gauge("heads.live") == 1);
    }
  }

  @Test
  void connectionThatNeverAnswers_shouldBeNoticed() throws Exception {
    ReplayNode node = Live.node();
    ReplayServer rpc = ReplayServer.start(node);
    try (Live live = polling(rpc)) {
      live.awaitHead(node);
      live.keep(pace(node));
      rpc.deaf(true);
      live.awaitReason("endpoint_silent", NOTICED);
      rpc.deaf(false);
      rpc.dropConnections();
      live.awaitReady();
    }
  }

  @Test
  void frozenNode_shouldBeNoticed() throws Exception {
    ReplayNode node = Live.node();
    try (Live live = polling(ReplayServer.start(node))) {
      live.awaitHead(node);
      live.awaitReason("head_frozen", NOTICED);
      live.keep(pace(node));
      live.awaitReady();
    }
  }

  @Test
  void frozenNodeBesideOneThatMoves_shouldBeLeft() throws Exception {
    ReplayNode frozen = Live.node();
    ReplayNode moving = new ReplayNode(frozen.chain(), frozen.head());
    ReplayServer first = ReplayServer.start(frozen);
    try (Live live = polling(first, ReplayServer.start(moving))) {
      live.awaitHead(frozen);
      live.keep(pace(moving));
      String name = "127.0.0.1:" + first.port();
      Await.until(
          () -> "cordoned",
          Duration.ofSeconds(10),
          () -> live.pool().states().get(name) == EndpointState.CORDONED);
      Live.await(
          "at the head", () -> moving.head().number() - live.indexer().status().indexed() <= 2);
      live.awaitReady();
    }
  }

  @Test
  void syncingNode_shouldBeNoticed() throws Exception {
    GeneratedChain chain =
        GeneratedChain.create(
            Live.SPEC.withGenesisTime(Instant.now().minus(Duration.ofHours(2)).getEpochSecond()));
    ReplayNode node = Live.node(chain, 20);
    node.faults(
        new Faults() {
          @Override
          public CallFault call(Call call) {
            return call.method().equals("eth_syncing")
                ? new CallFault.Instead("{\"currentBlock\":\"0x14\",\"highestBlock\":\"0x9000\"}")
                : CallFault.NONE;
          }
        });
    try (Live live =
        new Live(chain.spec(), List.of(ReplayServer.start(node)), List.of(), PoolListener.NONE)) {
      live.keep(pace(node));
      live.awaitReason("node_syncing", Duration.ofSeconds(10));
      node.faults(Faults.NONE);
      live.awaitReady();
    }
  }

  @Test
  void nodeThatBecomesOneOfAnotherChain_shouldBeNoticed() throws Exception {
    ReplayNode node = Live.node();
    ReplayServer rpc = ReplayServer.start(node);
    int port = rpc.port();
    try (Live live = polling(rpc)) {
      live.awaitHead(node);
      rpc.close();
      GeneratedChain other =
          GeneratedChain.create(ChainSpec.ethereum(43, Payments.sparse(100, 10)));
      ReplayServer wrong = ReplayServer.start(Live.node(other, 40), port);
      live.awaitReason("wrong_chain", NOTICED);
      assertThat(live.indexer().status().indexed()).as("nothing of the other chain").isLessThan(40);
      wrong.close();
      live.keep(ReplayServer.start(node, port));
      live.keep(pace(node));
      live.awaitReady();
    }
  }
}
