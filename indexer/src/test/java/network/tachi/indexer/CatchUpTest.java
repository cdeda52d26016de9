package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.BLOCK;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import network.tachi.contracts.event.ContractKind;
import network.tachi.indexer.IndexerStatus.State;
import network.tachi.testkit.AnvilOptions;
import network.tachi.testkit.FakeJsonRpcNode.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CatchUpTest {
  private final Scenario scenario = new Scenario(AnvilOptions.BASE);
  private final EmitterChain chain = scenario.chain();

  @AfterEach
  void close() {
    scenario.close();
  }

  @Test
  void longChain_shouldBeIndexedInManyTransactions() {
    for (int i = 0; i < 30; i++) {
      chain.minePayments(4);
      chain.anvil().mine(10);
    }
    scenario.index();

    assertThat(scenario.assertEqualsChain().events()).isEqualTo(120);
    assertThat(scenario.feed().size()).isGreaterThan(10);
    assertThat(scenario.count("blocks.verified", "by", "bloom")).isPositive();
    assertThat(scenario.count("blocks.verified", "by", "receipts")).isPositive();
  }

  @Test
  void settledBlocksWithoutEvents_shouldNotBeKept() {
    chain.mineBlocksOfPayments(3);
    chain.anvil().mine(200);
    chain.mineBlocksOfPayments(3);
    scenario.index();

    long finalized = scenario.checkpoint().getFinalizedNumber();
    assertThat(
            scenario
                .database()
                .dsl()
                .fetchCount(BLOCK, BLOCK.NUMBER.lt(finalized).and(BLOCK.LOG_COUNT.eq(0))))
        .isZero();
    assertThat(scenario.database().dsl().fetchCount(BLOCK, BLOCK.NUMBER.ge(finalized)))
        .isEqualTo((int) (chain.head() - finalized + 1));
    scenario.restart();
    scenario.index();
    scenario.assertEqualsChain();
  }

  @Test
  void nodeThatFailsNowAndThen_shouldStillBeIndexedToTheEnd() {
    for (int i = 0; i < 60; i++) {
      chain.minePayments(1);
    }
    AtomicInteger calls = new AtomicInteger();
    try (FaultyNode node = new FaultyNode(chain.anvil().uri())) {
      node.become((call, result) ->
          calls.incrementAndGet() % 29 == 0
              ? new Answer.Status(500)
              : FaultyNode.honest(call, result));
      scenario.restart(node.client(), CommitStage.Probe.NONE);
      scenario.index();
    }
    scenario.assertEqualsChain();
  }

  @Test
  void startAboveTheHead_shouldBeWaitedFor() {
    try (Indexer indexer = create(followed(ContractKind.PAYMENT_PROCESSOR, chain.head() + 5))) {
      indexer.turn();
      assertThat(indexer.status().state()).isEqualTo(State.WAITING);
      assertThat(indexer.status().reason()).isEqualTo("before_start");

      chain.mineBlocksOfPayments(10);
      indexer.turn();
      assertThat(indexer.status().state()).isEqualTo(State.FOLLOWING);
      assertThat(indexer.status().indexed()).isEqualTo(chain.head());
    }
  }

  @Test
  void contractAddedForIndexedBlocks_shouldHalt() {
    FollowedContract payments = followed(ContractKind.PAYMENT_PROCESSOR, 1);
    try (Indexer few = create(payments)) {
      chain.mineBlocksOfPayments(3);
      few.turn();
      assertThat(few.status().state()).isEqualTo(State.FOLLOWING);
    }
    try (Indexer more = create(payments, followed(ContractKind.LEGACY_LOG, 2))) {
      more.turn();
      assertThat(more.status().state()).isEqualTo(State.HALTED);
      assertThat(more.status().reason()).isEqualTo("contract_added");
    }
    try (Indexer later = create(payments, followed(ContractKind.LEGACY_LOG, chain.head() + 1))) {
      chain.mineBlocksOfPayments(1);
      later.turn();
      assertThat(later.status().state()).isEqualTo(State.FOLLOWING);
    }
    try (Indexer fewer = create(payments)) {
      chain.mineBlocksOfPayments(1);
      fewer.turn();
      assertThat(fewer.status().state()).isEqualTo(State.FOLLOWING);
    }
    try (Indexer again = create(payments, followed(ContractKind.LEGACY_LOG, 2))) {
      again.turn();
      assertThat(again.status().reason()).isEqualTo("contract_added");
    }
  }

  private FollowedContract followed(ContractKind kind, long startBlock) {
    return new FollowedContract(chain.emitter(kind), kind, startBlock);
  }

  private Indexer create(FollowedContract... contracts) {
    return Indexer.create(
        new IndexerRole.Source(
            new IndexedChain(
                chain.indexed().id(), "test", new FollowedContracts(List.of(contracts))),
            scenario.rpc()),
        scenario.database(),
        new SimpleMeterRegistry(),
        InstantSource.system(),
        Scenario.SETTINGS);
  }

  @Test
  void reorgBetweenTwoLooksOfACatchUp_shouldBeFollowed() {
    chain.mineBlocksOfPayments(60);
    AtomicInteger batches = new AtomicInteger();
    try (FaultyNode node = new FaultyNode(chain.anvil().uri())) {
      node.become((call, result) -> {
        if (call.method().equals("eth_getBlockReceipts") && batches.incrementAndGet() == 20) {
          chain.reorgWithPayments(25, 1);
        }
        return FaultyNode.honest(call, result);
      });
      scenario.restart(node.client(), CommitStage.Probe.NONE);
      scenario.index();
    }
    scenario.assertEqualsChain();
  }

  @Test
  void runningIndexer_shouldFollowByItself() {
    scenario.indexer().start();
    for (int i = 0; i < 20; i++) {
      chain.emit(ContractKind.PAYMENT_PROCESSOR, chain.payments(2));
      chain.anvil().mine(1);
    }
    Await.until(
        Duration.ofSeconds(20), () -> scenario.indexer().status().indexed() == chain.head());

    assertThat(scenario.indexer().notReady()).isEmpty();
    scenario.assertEqualsChain();
    scenario.indexer().close();
    assertThat(scenario.indexer().status().state()).isEqualTo(State.STOPPED);
  }
}
