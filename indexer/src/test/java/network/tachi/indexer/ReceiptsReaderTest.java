package network.tachi.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.JsonRpcOptions;
import network.tachi.evm.rpc.Receipt;
import network.tachi.evm.rpc.RpcException;
import network.tachi.testkit.FakeJsonRpcNode;
import network.tachi.testkit.FakeJsonRpcNode.Answer;
import network.tachi.testkit.FakeJsonRpcNode.Call;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Receipts of a recorded block of the OP stack, with a deposit in it. */
class ReceiptsReaderTest {
  private static final JsonNode RECEIPTS =
      JsonMapper.shared().readTree(Recorded.result("op-receipts"));

  private final FakeJsonRpcNode node = FakeJsonRpcNode.start(ReceiptsReaderTest::honest);
  private final JsonRpcClient rpc = new JsonRpcClient(node.uri(), JsonRpcOptions.DEFAULTS);
  private final ReceiptsReader reader = new ReceiptsReader(rpc);
  private final BlockHeader header = new EthRpc(rpc).blockByNumber(2).orElseThrow();

  @AfterEach
  void stop() {
    rpc.close();
    node.close();
  }

  @Test
  void blockWithDeposit_shouldBeProven() {
    assertThat(header.verifyHash()).isEqualTo(BlockHeader.HashCheck.MATCH);
    assertThat(reader.receipts(List.of(header)).getFirst())
        .extracting(Receipt::type)
        .contains(Receipt.DEPOSIT);
  }

  @Test
  void nodeWithoutBlockReceipts_shouldBeAskedForEachTransaction() {
    node.script(call ->
        call.method().equals("eth_getBlockReceipts")
            ? new Answer.Failure(-32601, "the method does not exist")
            : honest(call));

    assertThat(reader.receipts(List.of(header)).getFirst()).hasSize(RECEIPTS.size());
    assertThat(reader.receipts(List.of(header)).getFirst()).hasSize(RECEIPTS.size());

    assertThat(node.calls())
        .filteredOn(call -> call.method().equals("eth_getBlockReceipts"))
        .as("the refused method is remembered")
        .hasSize(1);
  }

  @Test
  void forbiddenBlockReceipts_shouldBeAskedForEachTransaction() {
    node.script(call ->
        call.method().equals("eth_getBlockReceipts") ? new Answer.Status(403) : honest(call));

    assertThat(reader.receipts(List.of(header)).getFirst()).hasSize(RECEIPTS.size());
  }

  @Test
  void refusedMethod_shouldBeTriedAgainLater() {
    node.script(call ->
        call.method().equals("eth_getBlockReceipts")
            ? new Answer.Failure(-32601, "the method does not exist")
            : honest(call));
    reader.receipts(List.of(header));
    node.script(ReceiptsReaderTest::honest);
    for (int i = 0; i < 1_000; i++) {
      reader.receipts(List.of(header));
    }

    long before = count("eth_getBlockReceipts");
    reader.receipts(List.of(header));

    assertThat(count("eth_getBlockReceipts")).isEqualTo(before + 1);
  }

  @Test
  void noReceipts_shouldBeRefused() {
    node.script(call ->
        call.method().equals("eth_getBlockReceipts") ? new Answer.Result("null") : honest(call));
    assertRejected(Rejection.RECEIPTS_MISSING);
  }

  @Test
  void staleEmptyReceipts_shouldBeRefused() {
    node.script(call ->
        call.method().equals("eth_getBlockReceipts") ? new Answer.Result("[]") : honest(call));
    assertRejected(Rejection.RECEIPTS_ROOT);
  }

  @Test
  void missingReceiptOfATransaction_shouldBeRefused() {
    node.script(call ->
        switch (call.method()) {
          case "eth_getBlockReceipts" -> new Answer.Failure(-32601, "no");
          case "eth_getTransactionReceipt" -> new Answer.Result("null");
          default -> honest(call);
        });
    assertRejected(Rejection.RECEIPTS_MISSING);
  }

  @Test
  void overloadedNode_shouldNotCountAsOneWithoutTheMethod() {
    node.script(call ->
        call.method().equals("eth_getBlockReceipts") ? new Answer.Status(429) : honest(call));
    assertThatThrownBy(() -> reader.receipts(List.of(header)))
        .isInstanceOf(RpcException.HttpStatus.class);
    assertThat(count("eth_getTransactionReceipt")).isZero();
  }

  @Test
  void keyThatHasExpired_shouldNotCountAsNoReceipts() {
    node.script(_ -> new Answer.Status(403));
    assertThatThrownBy(() -> reader.receipts(List.of(header)))
        .isInstanceOf(RpcException.HttpStatus.class);
  }

  private long count(String method) {
    return node.calls().stream().filter(call -> call.method().equals(method)).count();
  }

  private void assertRejected(Rejection rejection) {
    assertThatThrownBy(() -> reader.receipts(List.of(header)))
        .isInstanceOfSatisfying(
            RejectedAnswerException.class, e -> assertThat(e.rejection()).isEqualTo(rejection));
  }

  private static Answer honest(Call call) {
    return new Answer.Result(
        switch (call.method()) {
          case "eth_getBlockByNumber", "eth_getBlockByHash" -> Recorded.result("op-block");
          case "eth_getBlockReceipts" -> RECEIPTS.toString();
          case "eth_getTransactionReceipt" -> receipt(call.params());
          default -> throw new IllegalArgumentException(call.method());
        });
  }

  private static String receipt(String params) {
    return RECEIPTS
        .valueStream()
        .filter(receipt -> params.contains(receipt.path("transactionHash").asString()))
        .findFirst()
        .orElseThrow()
        .toString();
  }
}
