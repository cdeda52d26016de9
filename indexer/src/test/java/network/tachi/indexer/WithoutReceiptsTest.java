package network.tachi.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.UnaryOperator;
import network.tachi.evm.Keccak;
import network.tachi.indexer.IndexerStatus.State;
import network.tachi.testkit.chain.CallFault;
import network.tachi.testkit.chain.Faults;
import network.tachi.testkit.chain.Replacement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** An endpoint that offers {@code eth_getLogs} and nothing better. */
class WithoutReceiptsTest {
  private final Replayed chain = Replayed.busy(1, 150);

  /** What is done to the answers of eth_getLogs. */
  private volatile UnaryOperator<JsonNode> lie = UnaryOperator.identity();

  private volatile String refusal = "";
  private volatile int refusedAbove = Integer.MAX_VALUE;

  @BeforeEach
  void refuseReceipts() {
    chain
        .node(0)
        .faults(
            new Faults() {
              @Override
              public CallFault call(Call call) {
                return switch (call.method()) {
                  case "eth_getBlockReceipts", "eth_getTransactionReceipt" ->
                      new CallFault.Failure(
                          -32601, "the method " + call.method() + " does not exist");
                  case "eth_getLogs" -> logs(call);
                  default -> CallFault.NONE;
                };
              }
            });
  }

  private CallFault logs(Faults.Call call) {
    JsonNode filter = call.params().get(0);
    if (!refusal.isEmpty() && filter.path("address").size() == 0) {
      return new CallFault.Failure(-32000, refusal);
    }
    if (filter.has("fromBlock")
        && number(filter, "toBlock") - number(filter, "fromBlock") >= refusedAbove) {
      return new CallFault.Failure(-32000, "block range is too wide");
    }
    return new CallFault.Changed(lie);
  }

  private static long number(JsonNode filter, String member) {
    return Long.parseLong(filter.path(member).asString().substring(2), 16);
  }

  @AfterEach
  void close() {
    chain.close();
  }

  @Test
  void auditByReceipts_shouldRefuseToProveByLess() {
    chain.index();
    ChainAudit audit = ChainAudit.byReceipts(chain.indexed(), chain.pool(), chain.database());

    assertThatThrownBy(() -> audit.verify(1, chain.node(0).head().number()))
        .isInstanceOf(RejectedAnswerException.class)
        .hasMessageContaining("no endpoint gives receipts");
  }

  @Test
  void chain_shouldEqualTheStoreAndItsRowsSaySo() {
    chain.index();
    chain.mine(5);
    chain.index();

    assertThat(chain.proofs()).contains("logs").doesNotContain("receipts", "unverified");
    lie = UnaryOperator.identity();
    chain.assertEqualsChain();
  }

  @Test
  void fork_shouldBeFollowed() {
    chain.index();
    for (Replacement replacement : Replacement.values()) {
      chain.node(0).reorg(10, 12, replacement);
      chain.index();
      chain.assertEqualsChain();
    }
  }

  @Test
  void capOfTheRange_shouldBeKeptTo() {
    refusedAbove = 3;
    chain.index();
    refusedAbove = Integer.MAX_VALUE;
    chain.assertEqualsChain();
  }

  @Test
  void endpointThatWantsContracts_shouldGetThem() {
    refusal = "Please specify an address in your request";
    chain.index();
    chain.assertEqualsChain();
    assertThat(chain.proofs()).contains("logs");
  }

  @Test
  void omittedEnd_shouldBeRefused() {
    assertRefused(
        Rejection.LOGS_BLOOM,
        logs -> {
          while (logs.size() > 1) {
            logs.remove(logs.size() - 1);
          }
        });
  }

  @Test
  void omittedFirstLog_shouldBeRefused() {
    assertRefused(Rejection.RECEIPT_ORDER, logs -> logs.remove(0));
  }

  @Test
  void noLogs_shouldBeRefused() {
    assertRefused(Rejection.LOGS_BLOOM, ArrayNode::removeAll);
  }

  @Test
  void logOfAnotherFork_shouldBeRefused() {
    assertRefused(
        Rejection.FOREIGN_RECEIPT,
        logs -> ((ObjectNode) logs.get(0)).put("blockHash", Keccak.hash("other").toString()));
  }

  @Test
  void inventedTopic_shouldBeRefused() {
    assertRefused(
        Rejection.LOGS_BLOOM,
        logs ->
            ((ArrayNode) logs.get(0).path("topics")).set(0, Keccak.hash("invented").toString()));
  }

  @Test
  void nodeBehindTheRange_shouldBeRefusedByItsWitness() {
    chain
        .node(0)
        .faults(
            new Faults() {
              @Override
              public CallFault call(Call call) {
                return switch (call.method()) {
                  case "eth_getBlockReceipts", "eth_getTransactionReceipt" ->
                      new CallFault.Failure(-32601, "the method is not supported");
                  case "eth_getLogs" -> new CallFault.Instead("[]");
                  case "eth_getBlockByNumber" ->
                      call.size() == 2 ? new CallFault.Instead("null") : CallFault.NONE;
                  default -> CallFault.NONE;
                };
              }
            });
    assertStuck(Rejection.BLOCK_MISSING);
    refuseReceipts();
    chain.index();
    chain.assertEqualsChain();
  }

  private interface Change {
    void apply(ArrayNode logs);
  }

  private void assertRefused(Rejection rejection, Change change) {
    lie =
        answer -> {
          if (answer instanceof ArrayNode logs && !logs.isEmpty()) {
            change.apply(logs);
          }
          return answer;
        };
    assertStuck(rejection);
    lie = UnaryOperator.identity();
    chain.index();
    chain.assertEqualsChain();
  }

  private void assertStuck(Rejection rejection) {
    for (int i = 0; i < 10; i++) {
      chain.indexer().turn();
    }
    assertThat(chain.indexer().status().state()).isEqualTo(State.RETRYING);
    assertThat(
            chain
                .meters()
                .get("tachi.indexer.answers.rejected")
                .tag("reason", rejection.name())
                .counter()
                .count())
        .isPositive();
    assertThat(chain.proofs()).isSubsetOf(List.of("bloom", "logs"));
  }
}
