package network.tachi.indexer;

import static network.tachi.store.jooq.projection.Tables.PAYMENT_MADE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import network.tachi.contracts.event.ContractKind;
import network.tachi.evm.SignedTransaction;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.indexer.IndexerStatus.State;
import network.tachi.store.jooq.chain.tables.records.FeedRecord;
import network.tachi.testkit.Anvil.ReorgTransaction;
import network.tachi.testkit.AnvilOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forks of a real chain; after each the store must equal the chain row by row. */
class ReorgTest {
  private final Scenario scenario = new Scenario(AnvilOptions.BASE);
  private final EmitterChain chain = scenario.chain();

  @AfterEach
  void close() {
    scenario.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 30})
  void reorgOfTheSameHeight_shouldReplaceTheRowsWithoutANewBlock(int depth) {
    chain.mineBlocksOfPayments(40);
    scenario.index();
    long head = chain.head();

    chain.reorgWithPayments(depth, 3);
    assertThat(chain.head()).isEqualTo(head);
    scenario.index();

    assertThat(scenario.assertEqualsChain().events()).isEqualTo((40L - depth) * 2 + depth * 3L);
    FeedRecord fork = scenario.feed().get(scenario.feed().size() - 2);
    assertThat(fork.getKind()).isEqualTo("fork");
    assertThat(fork.getFirstBlock()).isEqualTo(head - depth + 1);
    assertThat(fork.getLastBlock()).isEqualTo(head);
    assertThat(scenario.count("reorgs")).isEqualTo(1);
  }

  @Test
  void reorgToEmptyBlocks_shouldLeaveNothingOfTheOldOnes() {
    chain.mineBlocksOfPayments(10);
    scenario.index();

    chain.anvil().reorg(5, List.of());
    scenario.index();

    assertThat(scenario.assertEqualsChain().events()).isEqualTo(10);
  }

  @Test
  void reorgWithMoreBlocksOnTop_shouldBeFollowed() {
    chain.mineBlocksOfPayments(10);
    scenario.index();

    chain.reorgWithPayments(5, 1);
    chain.mineBlocksOfPayments(30);
    scenario.index();

    scenario.assertEqualsChain();
  }

  @Test
  void chainThatGotShorter_shouldLoseTheRowsAbove() {
    chain.mineBlocksOfPayments(6);
    String snapshot = chain.anvil().snapshot();
    chain.mineBlocksOfPayments(4);
    scenario.index();

    chain.anvil().revert(snapshot);
    scenario.index();

    assertThat(scenario.assertEqualsChain().events()).isEqualTo(12);

    chain.mineBlocksOfPayments(3);
    scenario.index();
    scenario.assertEqualsChain();
  }

  @Test
  void shorterChainOfOtherBlocks_shouldBeFollowed() {
    chain.mineBlocksOfPayments(6);
    String snapshot = chain.anvil().snapshot();
    chain.mineBlocksOfPayments(4);
    scenario.index();

    chain.anvil().revert(snapshot);
    chain.mineBlocksOfPayments(2);
    scenario.index();

    scenario.assertEqualsChain();
  }

  @Test
  void twoReorgsToOneBlock_shouldBothBeFollowed() {
    chain.mineBlocksOfPayments(12);
    scenario.index();

    chain.reorgWithPayments(5, 1);
    scenario.index();
    scenario.assertEqualsChain();

    chain.reorgWithPayments(5, 2);
    scenario.index();
    scenario.assertEqualsChain();
    assertThat(scenario.count("reorgs")).isEqualTo(2);
  }

  @Test
  void reorgThatWasNotSeen_shouldBeNoticedAfterTheNextOne() {
    chain.mineBlocksOfPayments(12);
    scenario.index();

    chain.reorgWithPayments(3, 1);
    chain.reorgWithPayments(8, 2);
    scenario.index();

    scenario.assertEqualsChain();
  }

  @Test
  void transactionInAnotherBlock_shouldHaveOneRow() {
    chain.mineBlocksOfPayments(5);
    long nonce = chain.nonceAt(BlockRef.number(chain.head()));
    SignedTransaction transaction =
        chain.signed(
            nonce,
            chain.emitter(ContractKind.PAYMENT_PROCESSOR),
            LogEmitter.callData(chain.payments(1)));
    chain.anvil().rpc().sendRawTransaction(transaction);
    chain.anvil().mine(4);
    scenario.index();
    long before = blockOf(transaction);

    chain.anvil().reorg(4, List.of(new ReorgTransaction(transaction.raw(), 2)));
    scenario.index();

    assertThat(blockOf(transaction)).isEqualTo(before + 2);
    scenario.assertEqualsChain();
  }

  private long blockOf(SignedTransaction transaction) {
    return scenario
        .database()
        .dsl()
        .fetchSingle(PAYMENT_MADE, PAYMENT_MADE.TX_HASH.eq(transaction.hash()))
        .getBlockNumber();
  }

  @Test
  void reorgWhileTheIndexerWasOff_shouldBeFollowedAfterRestart() {
    chain.mineBlocksOfPayments(20);
    scenario.index();
    scenario.indexer().close();

    chain.reorgWithPayments(7, 1);
    chain.mineBlocksOfPayments(35);
    scenario.restart();
    scenario.index();

    scenario.assertEqualsChain();
  }

  @Test
  void reorgOfEverythingIndexed_shouldBeFollowedWhileNothingIsFinal() {
    chain.mineBlocksOfPayments(3);
    scenario.index();

    chain.anvil().reorg((int) chain.head(), List.of());
    scenario.index();

    assertThat(scenario.assertEqualsChain().events()).isZero();
  }

  @Test
  void reorgBelowFinalized_shouldHaltAndWriteNothing() {
    try (Scenario fast = new Scenario(AnvilOptions.BASE.withSlotsInEpoch(2))) {
      fast.chain().mineBlocksOfPayments(20);
      fast.index();
      assertThat(fast.checkpoint().getFinalizedNumber()).isEqualTo(fast.chain().head() - 4);
      Map<String, String> before = fast.rows();

      fast.chain().reorgWithPayments(10, 1);
      fast.indexer().turn();

      IndexerStatus status = fast.indexer().status();
      assertThat(status.state()).isEqualTo(State.HALTED);
      assertThat(status.reason()).isEqualTo("reorg_below_finalized");
      assertThat(status.detail()).contains("finalized", "Compare with another endpoint");
      assertThat(fast.indexer().notReady())
          .hasValueSatisfying(why -> assertThat(why.reason()).isEqualTo("reorg_below_finalized"));
      assertThat(fast.rows()).isEqualTo(before);

      fast.chain().mineBlocksOfPayments(3);
      fast.indexer().turn();
      assertThat(fast.indexer().status().state()).isEqualTo(State.HALTED);
      assertThat(fast.rows()).isEqualTo(before);
    }
  }

  @Test
  void headBelowFinalized_shouldHaltAndWriteNothing() {
    try (Scenario fast = new Scenario(AnvilOptions.BASE.withSlotsInEpoch(2))) {
      fast.chain().mineBlocksOfPayments(5);
      String snapshot = fast.chain().anvil().snapshot();
      fast.chain().mineBlocksOfPayments(15);
      fast.index();
      Map<String, String> before = fast.rows();

      fast.chain().anvil().revert(snapshot);
      fast.indexer().turn();

      assertThat(fast.indexer().status().reason()).isEqualTo("head_below_finalized");
      assertThat(fast.rows()).isEqualTo(before);

      fast.chain().mineBlocksOfPayments(30);
      fast.indexer().turn();
      assertThat(fast.indexer().status().reason()).isEqualTo("reorg_below_finalized");
      assertThat(fast.rows()).isEqualTo(before);
    }
  }

  @Test
  void finality_shouldFollowTheTagsOfTheNode() {
    chain.mineBlocksOfPayments(80);
    scenario.index();

    long head = chain.head();
    assertThat(scenario.checkpoint().getSafeNumber()).isEqualTo(head - 32);
    assertThat(scenario.checkpoint().getFinalizedNumber()).isEqualTo(head - 64);
  }
}
