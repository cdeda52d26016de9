package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.BLOCK;
import static network.tachi.store.jooq.projection.Tables.PAYMENT_MADE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import network.tachi.contracts.event.ContractKind;
import network.tachi.evm.Keccak;
import network.tachi.indexer.FaultyNode.Fault;
import network.tachi.indexer.IndexerStatus.State;
import network.tachi.testkit.AnvilOptions;
import network.tachi.testkit.FakeJsonRpcNode.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a node that lies, errs or lags must not do to the store; and that all is well once it has
 * stopped.
 */
class FaultTest {
  private final Scenario scenario = new Scenario(AnvilOptions.BASE);
  private final EmitterChain chain = scenario.chain();
  private final FaultyNode node = new FaultyNode(chain.anvil().uri());

  @BeforeEach
  void indexHonestly() {
    scenario.restart(node.client(), CommitStage.Probe.NONE);
    chain.mineBlocksOfPayments(5);
    scenario.index();
  }

  @AfterEach
  void close() {
    scenario.close();
    node.close();
  }

  @Test
  void changedHeader_shouldBeRefused() {
    assertRefused(Rejection.HEADER_HASH, inBlocks(block -> block.put("gasUsed", "0x1")));
  }

  @Test
  void emptiedBloom_shouldBeRefused() {
    assertRefused(
        Rejection.HEADER_HASH, inBlocks(block -> block.put("logsBloom", "0x" + "00".repeat(256))));
  }

  @Test
  void otherParent_shouldBeRefused() {
    assertRefused(
        Rejection.HEADER_HASH,
        inBlocks(block -> block.put("parentHash", Keccak.hash("other").toString())));
  }

  @Test
  void missingBlock_shouldBeRefused() {
    assertRefused(
        Rejection.BLOCK_MISSING,
        (call, result) ->
            call.method().equals("eth_getBlockByNumber") && call.params().contains("\"0x")
                ? new Answer.Result("null")
                : FaultyNode.honest(call, result));
  }

  @Test
  void anotherBlockThanAskedFor_shouldBeRefused() {
    JsonNode genesis = block("0x1");
    assertRefused(
        Rejection.OTHER_BLOCK,
        (call, result) ->
            call.method().equals("eth_getBlockByNumber") && call.params().contains("\"0x")
                ? new Answer.Result(genesis.toString())
                : FaultyNode.honest(call, result));
  }

  @Test
  void missingReceipts_shouldBeRefused() {
    assertRefused(Rejection.RECEIPTS_MISSING, inReceipts((_, _) -> new Answer.Result("null")));
  }

  @Test
  void emptyReceipts_shouldBeRefused() {
    assertRefused(Rejection.RECEIPTS_ROOT, inReceipts((_, _) -> new Answer.Result("[]")));
  }

  @Test
  void omittedLog_shouldBeRefused() {
    assertRefused(
        Rejection.RECEIPTS_ROOT,
        inReceipts((call, result) -> {
          logs(result).remove(logs(result).size() - 1);
          return FaultyNode.honest(call, result);
        }));
  }

  @Test
  void changedAmount_shouldBeRefused() {
    assertRefused(
        Rejection.RECEIPTS_ROOT,
        inReceipts((call, result) -> {
          ObjectNode log = (ObjectNode) logs(result).get(0);
          log.put("data", log.path("data").asString().replaceFirst("0x00", "0x01"));
          return FaultyNode.honest(call, result);
        }));
  }

  @Test
  void foreignLog_shouldBeRefused() {
    assertRefused(
        Rejection.FOREIGN_RECEIPT,
        inReceipts((call, result) -> {
          ((ObjectNode) logs(result).get(0)).put("blockHash", Keccak.hash("other").toString());
          return FaultyNode.honest(call, result);
        }));
  }

  @Test
  void invertedLogs_shouldBeRefused() {
    assertRefused(
        Rejection.RECEIPT_ORDER,
        inReceipts((call, result) -> {
          ArrayNode logs = logs(result);
          logs.add(logs.remove(0));
          return FaultyNode.honest(call, result);
        }));
  }

  @Test
  void receiptsOfAnotherBlock_shouldBeRefused() {
    JsonNode others = receiptsOf("0x3");
    assertRefused(
        Rejection.FOREIGN_RECEIPT, inReceipts((_, _) -> new Answer.Result(others.toString())));
  }

  @Test
  void finalizedBlockOfAnotherBranch_shouldBeRefused() {
    JsonNode other = block("0x4");
    chain.reorgWithPayments(3, 1);
    scenario.index();
    assertRefused(
        Rejection.FORKED_TAG,
        (call, result) ->
            call.params().contains("finalized")
                ? new Answer.Result(other.toString())
                : FaultyNode.honest(call, result));
  }

  @Test
  void errors_shouldBeTriedAgain() {
    assertFails("rpc_failed", (_, _) -> new Answer.Status(503));
    assertFails("rate_limited", (_, _) -> new Answer.Status(429));
    assertFails("rpc_failed", (_, _) -> new Answer.HangUp());
    assertFails("rpc_failed", (_, _) -> new Answer.Failure(-32000, "header not found"));
    assertFails("rpc_failed", (_, _) -> new Answer.Body("{\"jsonrpc\":\"2.0\",\"id\":"));
    assertFails("rpc_failed", (_, _) -> new Answer.Body("<html>bad gateway</html>"));
    assertThat(scenario.count("rpc.errors")).isPositive();
  }

  @Test
  void nodeOfAnotherChain_shouldHalt() {
    node.become((_, _) -> new Answer.Status(503));
    scenario.indexer().turn();
    node.become((call, result) ->
        call.method().equals("eth_chainId")
            ? new Answer.Result("\"0x1\"")
            : FaultyNode.honest(call, result));
    Map<String, String> before = scenario.rows();
    chain.mineBlocksOfPayments(2);

    scenario.indexer().turn();

    assertThat(scenario.indexer().status().state()).isEqualTo(State.HALTED);
    assertThat(scenario.indexer().status().reason()).isEqualTo("wrong_chain");
    assertThat(scenario.rows()).isEqualTo(before);
    assertHeals();
  }

  @Test
  void otherGenesis_shouldHalt() {
    JsonNode other = block("0x1");
    ((ObjectNode) other).put("number", "0x0").put("futureField", "0x1");
    node.become((call, result) ->
        call.params().contains("\"0x0\"")
            ? new Answer.Result(other.toString())
            : FaultyNode.honest(call, result));
    scenario.restart(node.client(), CommitStage.Probe.NONE);

    scenario.indexer().turn();

    assertThat(scenario.indexer().status().reason()).isEqualTo("genesis_mismatch");
    assertHeals();
  }

  @Test
  void unknownHeaderField_shouldBeAcceptedAndSaidSo() {
    node.become(
        inBlocks(
            block -> block.put("slotNumber", "0x7").put("mixHash", Keccak.hash("x").toString())));
    chain.minePayments(2);
    scenario.index();

    assertThat(
            scenario
                .database()
                .dsl()
                .fetchSingle(BLOCK, BLOCK.NUMBER.eq(chain.head()))
                .getVerification())
        .isEqualTo("unverified");
    assertThat(scenario.count("headers.unknown")).isPositive();
    scenario.assertEqualsChain();
  }

  @Test
  void nodeWithoutTagsAndBlockReceipts_shouldBeIndexed() {
    node.become((call, result) ->
        call.params().contains("safe")
                || call.params().contains("finalized")
                || call.method().equals("eth_getBlockReceipts")
            ? new Answer.Failure(-32601, "not supported")
            : FaultyNode.honest(call, result));
    chain.mineBlocksOfPayments(3);
    scenario.index();

    scenario.assertEqualsChain();
    assertThat(scenario.checkpoint().getFinalizedNumber()).isZero();
  }

  @Test
  void nodeThatAnswersFromThePastOnce_shouldUnwindNothing() {
    IndexerSettings patient =
        new IndexerSettings(
            Scenario.SETTINGS.pollInterval(),
            Scenario.SETTINGS.tagInterval(),
            java.time.Duration.ofMinutes(1),
            Scenario.SETTINGS.chunkBlocks(),
            Scenario.SETTINGS.parallelFetches(),
            Scenario.SETTINGS.commitBlocks(),
            Scenario.SETTINGS.leaseDuration(),
            Scenario.SETTINGS.stallAfter(),
            Scenario.SETTINGS.maxBackoff());
    scenario.restart(node.client(), CommitStage.Probe.NONE, patient);
    scenario.index();
    Map<String, String> before = scenario.rows();
    JsonNode old = block("0x4");
    node.become((call, result) ->
        call.params().contains("latest")
            ? new Answer.Result(old.toString())
            : FaultyNode.honest(call, result));

    scenario.indexer().turn();

    assertThat(scenario.indexer().status().reason()).isEqualTo("head_went_back");
    assertThat(scenario.rows()).isEqualTo(before);
    assertHeals();
  }

  /** One block more that the node lies about: nothing of it may be stored until it stops. */
  private void assertRefused(Rejection rejection, Fault fault) {
    Map<String, String> before = scenario.rows();
    chain.mineBlocksOfPayments(3);
    node.become(fault);

    scenario.indexer().turn();
    scenario.indexer().turn();

    assertThat(scenario.indexer().status().reason()).isEqualTo("answer_rejected");
    assertThat(scenario.indexer().status().detail()).contains(rejection.name());
    assertThat(scenario.count("answers.rejected", "reason", rejection.name())).isPositive();
    assertThat(scenario.rows()).isEqualTo(before);
    assertHeals();
  }

  private void assertFails(String reason, Fault fault) {
    Map<String, String> before = scenario.rows();
    chain.mineBlocksOfPayments(2);
    node.become(fault);

    scenario.indexer().turn();

    assertThat(scenario.indexer().status().reason()).isEqualTo(reason);
    assertThat(scenario.rows()).isEqualTo(before);
    assertHeals();
  }

  private void assertHeals() {
    node.becomeHonest();
    chain.emit(ContractKind.PAYMENT_PROCESSOR, chain.payments(1));
    chain.anvil().mine(1);
    scenario.index();
    scenario.assertEqualsChain();
    assertThat(scenario.database().dsl().fetchCount(PAYMENT_MADE)).isPositive();
  }

  private interface BlockChange {
    void apply(ObjectNode block);
  }

  private static Fault inBlocks(BlockChange change) {
    return (call, result) -> {
      if (call.method().startsWith("eth_getBlockBy") && result instanceof ObjectNode block) {
        change.apply(block);
      }
      return FaultyNode.honest(call, result);
    };
  }

  private static Fault inReceipts(Fault fault) {
    return (call, result) ->
        call.method().equals("eth_getBlockReceipts")
            ? fault.apply(call, result)
            : FaultyNode.honest(call, result);
  }

  private static ArrayNode logs(JsonNode receipts) {
    return (ArrayNode) receipts.get(0).get("logs");
  }

  private JsonNode block(String number) {
    return json("eth_getBlockByNumber", "[\"" + number + "\",false]");
  }

  private JsonNode receiptsOf(String number) {
    return json("eth_getBlockReceipts", "[\"" + number + "\"]");
  }

  private JsonNode json(String method, String params) {
    return tools.jackson.databind.json.JsonMapper.shared()
        .readTree(chain.anvil().rpc().request(method, params));
  }
}
