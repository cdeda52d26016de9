package network.tachi.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import network.tachi.indexer.IndexerStatus.State;
import network.tachi.testkit.chain.CallFault;
import network.tachi.testkit.chain.Faults;
import network.tachi.testkit.chain.Replacement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where two endpoints are configured, a block is final only if both say so. */
class AgreedFinalityTest {
  private final Replayed chain = Replayed.busy(2, 150);

  @AfterEach
  void close() {
    chain.close();
  }

  private long finalized() {
    return chain.indexer().status().finalized();
  }

  private void index() {
    chain.index();
    chain.indexer().turn();
  }

  @Test
  void sameWord_shouldBeTaken() {
    index();
    assertThat(finalized()).isEqualTo(chain.node(0).finalized().number()).isPositive();
  }

  @Test
  void lowerWord_shouldBeTaken() {
    chain.node(0).finalize(40);
    chain.node(1).finalize(30);
    index();
    assertThat(finalized()).isEqualTo(30);
    chain.node(0).finalize(60);
    chain.node(1).finalize(70);
    index();
    assertThat(finalized()).isEqualTo(60);
  }

  @Test
  void anotherBlockOfTheSameHeight_shouldMakeNothingFinal() {
    chain.node(0).finalize(20);
    chain.node(1).finalize(20);
    index();
    assertThat(finalized()).isEqualTo(20);
    chain.node(1).reorg(100, 100, Replacement.OTHER);
    chain.node(0).finalize(90);
    chain.node(1).finalize(90);
    for (int i = 0; i < 5; i++) {
      chain.indexer().turn();
    }
    assertThat(finalized()).isEqualTo(20);
    assertThat(chain.meters().get("tachi.indexer.finality.disputed").gauge().value()).isOne();
  }

  @Test
  void nodeThatKnowsNoTag_shouldNotBeTakenForAWord() {
    chain
        .node(1)
        .faults(
            new Faults() {
              @Override
              public CallFault call(Call call) {
                return call.params().toString().contains("finalized")
                    ? new CallFault.Failure(-32602, "finalized block not found")
                    : CallFault.NONE;
              }
            });
    index();
    assertThat(finalized()).isZero();
    chain.node(1).faults(Faults.NONE);
    index();
    assertThat(finalized()).isPositive();
  }

  @Test
  void finalityThatGoesBackToAnotherBlock_shouldHalt() {
    index();
    long before = finalized();
    for (int node = 0; node < 2; node++) {
      chain.node(node).reorg(140, 140, Replacement.OTHER);
    }
    chain.node(1).show(chain.node(0).head());
    chain.indexer().turn();
    assertThat(chain.indexer().status().state()).isEqualTo(State.HALTED);
    assertThat(chain.indexer().status().reason()).isEqualTo("reorg_below_finalized");
    assertThat(finalized()).isEqualTo(before);
  }
}
