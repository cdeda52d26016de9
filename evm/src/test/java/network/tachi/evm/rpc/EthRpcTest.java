package network.tachi.evm.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.Rlp;
import network.tachi.evm.rpc.BlockHeader.HashCheck;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reads answers recorded from anvil, on its default network (eth) and with {@code --network
 * optimism} (op).
 */
final class EthRpcTest {
  private static final Address CONTRACT =
      Address.parse("0x5FbDB2315678afecb367f032d93F642f64180aa3");
  private static final Address SENDER = Address.parse("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");

  private static <T> T answer(String result, Function<EthRpc, T> call) {
    try (FakeNode node =
            FakeNode.json("{\"jsonrpc\":\"2.0\",\"id\":#0,\"result\":" + result + "}");
        JsonRpcClient client = node.client()) {
      return call.apply(new EthRpc(client));
    }
  }

  private static <T> void assertAnswer(String result, Function<EthRpc, T> call, T expected) {
    T found = answer(result, call);
    assertThat((Object) found).isEqualTo(expected);
  }

  private static String params(String result, Consumer<EthRpc> call) {
    try (FakeNode node = FakeNode.json("{\"id\":#0,\"result\":" + result + "}");
        JsonRpcClient client = node.client()) {
      call.accept(new EthRpc(client));
      String request = node.requests.getFirst();
      return request
          .substring(request.indexOf("\"method\":") + 9, request.length() - 1)
          .replace(",\"params\":", " ");
    }
  }

  private static String recorded(String name) {
    try (InputStream in = EthRpcTest.class.getResourceAsStream("/rpc/" + name + ".json")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static BlockHeader header(String json) {
    return answer(json, eth -> eth.block(BlockTag.LATEST)).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"eth", "op"})
  void recordedHeader_shouldHashToItsHash(String network) {
    BlockHeader header = header(recorded(network + "-block"));
    assertThat(header.number()).isEqualTo(2);
    assertThat(header.requestsHash()).isNotNull();
    assertThat(header.unknownMembers()).isEmpty();
    assertThat(header.computeHash()).contains(header.hash());
    assertThat(header.verifyHash()).isEqualTo(HashCheck.MATCH);
  }

  @Test
  void changedHeader_shouldNotMatch() {
    String json = recorded("eth-block");
    Map<String, String> changes =
        Map.of(
            "\"gasUsed\":\"0x", "\"gasUsed\":\"0x1",
            "\"timestamp\":\"0x", "\"timestamp\":\"0x1",
            "\"number\":\"0x2", "\"number\":\"0x3",
            "\"extraData\":\"0x", "\"extraData\":\"0x00",
            "\"baseFeePerGas\":\"0x", "\"baseFeePerGas\":\"0x1",
            "\"blobGasUsed\":\"0x0", "\"blobGasUsed\":\"0x1",
            "\"nonce\":\"0x00", "\"nonce\":\"0x01");
    changes.forEach((from, to) -> {
      String changed = json.replace(from, to);
      assertThat(changed).isNotEqualTo(json);
      assertThat(header(changed).verifyHash()).as(to).isEqualTo(HashCheck.MISMATCH);
    });
  }

  @Test
  void unknownFieldsOrGaps_shouldBeUnverifiable() {
    String json = recorded("eth-block");
    BlockHeader future =
        header(
            json.replace(
                "\"number\":\"0x2\"", "\"number\":\"0x3\",\"blockAccessListHash\":\"0x00\""));
    assertThat(future.unknownMembers()).isEqualTo(Set.of("blockAccessListHash"));
    assertThat(future.verifyHash()).isEqualTo(HashCheck.UNVERIFIABLE);
    BlockHeader harmless = header(json.replace("\"number\":", "\"l1Fee\":\"0x0\",\"number\":"));
    assertThat(harmless.verifyHash()).isEqualTo(HashCheck.MATCH);
    BlockHeader gap = header(json.replace("\"withdrawalsRoot\":", "\"withdrawals\":"));
    assertThat(gap.computeHash()).isEmpty();
    assertThat(gap.verifyHash()).isEqualTo(HashCheck.UNVERIFIABLE);
  }

  @Test
  void headerOfLondon_shouldBeReadWithoutTheLaterFields() {
    String json =
        recorded("eth-block")
            .replaceAll(
                "\"(withdrawalsRoot|blobGasUsed|excessBlobGas|parentBeaconBlockRoot|requestsHash)\":\"0x[0-9a-f]*\",",
                "");
    BlockHeader header = header(json);
    assertThat(header.withdrawalsRoot()).isNull();
    assertThat(header.computeHash()).isPresent().get().isNotEqualTo(header.hash());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hash",
        "parentHash",
        "miner",
        "logsBloom",
        "number",
        "mixHash",
        "nonce",
        "stateRoot"
      })
  void headerWithoutAField_shouldBeMalformed(String field) {
    String json = recorded("eth-block").replace("\"" + field + "\":", "\"x\":");
    assertThatThrownBy(() -> header(json))
        .isInstanceOf(RpcException.Malformed.class)
        .hasMessageContaining(field + ": expected a value, found none");
  }

  @Test
  void headerWithFieldsOfWrongSize_shouldBeMalformed() {
    String json = recorded("eth-block");
    assertThatThrownBy(() -> header(json.replace("\"nonce\":\"0x", "\"nonce\":\"0x00")))
        .isInstanceOf(RpcException.Malformed.class);
    assertThatThrownBy(() -> header(json.replace("\"logsBloom\":\"0x", "\"logsBloom\":\"0x00")))
        .isInstanceOf(RpcException.Malformed.class);
    assertThatThrownBy(() -> header(json.replace("\"stateRoot\":\"0x", "\"stateRoot\":\"0x00")))
        .isInstanceOf(RpcException.Malformed.class);
    assertThatThrownBy(
            () -> header(json.replace("\"number\":\"0x2\"", "\"number\":\"0xffffffffffffffff\"")))
        .isInstanceOf(RpcException.Malformed.class);
  }

  @Test
  void recordedReceipts_shouldBeReadWithDeposits() {
    List<Receipt> receipts =
        answer(recorded("op-receipts"), eth -> eth.blockReceipts(BlockTag.LATEST)).orElseThrow();
    assertThat(receipts).extracting(Receipt::type).containsExactly(0, 2, 0, Receipt.DEPOSIT);
    assertThat(receipts).allMatch(Receipt::success);
    Receipt deposit = receipts.getLast();
    assertThat(deposit.depositNonce()).isEqualTo(5);
    assertThat(deposit.depositReceiptVersion()).isEqualTo(1);
    assertThat(deposit.from()).isEqualTo(SENDER);
    assertThat(deposit.to()).isEqualTo(CONTRACT);
    assertThat(deposit.contractAddress()).isNull();
    assertThat(deposit.logs()).hasSize(1);
    byte[] bytes = deposit.consensusBytes();
    assertThat(bytes[0]).isEqualTo((byte) 0x7e);
    assertThat(Rlp.decode(Arrays.copyOfRange(bytes, 1, bytes.length)).asList()).hasSize(6);
    assertThat(Rlp.decode(receipts.getFirst().consensusBytes()).asList()).hasSize(4);
    String beforeCanyon = recorded("op-receipts").replace("\"depositReceiptVersion\":\"0x1\",", "");
    Receipt old =
        answer(beforeCanyon, eth -> eth.blockReceipts(BlockTag.LATEST)).orElseThrow().getLast();
    assertThat(old.depositNonce()).isEqualTo(5);
    byte[] oldBytes = old.consensusBytes();
    assertThat(Rlp.decode(Arrays.copyOfRange(oldBytes, 1, oldBytes.length)).asList()).hasSize(4);
    String lower = recorded("op-receipts").replace("0x7E", "0x7e");
    assertAnswer(lower, eth -> eth.blockReceipts(BlockTag.LATEST), Optional.of(receipts));
  }

  @Test
  void logsOfReceiptsAndOfQueries_shouldBeEqual() {
    for (String network : List.of("eth", "op")) {
      List<Log> logs =
          answer(
              recorded(network + "-logs"), eth -> eth.logs(LogFilter.block(Hash.ZERO, List.of())));
      List<Receipt> receipts =
          answer(recorded(network + "-receipts"), eth -> eth.blockReceipts(BlockTag.LATEST))
              .orElseThrow();
      assertThat(receipts.stream().flatMap(receipt -> receipt.logs().stream()).toList())
          .isEqualTo(logs);
      Log first = logs.getFirst();
      assertThat(first.address()).isEqualTo(CONTRACT);
      assertThat(first.topics()).containsExactly(Hash.ofUint(1), Hash.ofUint(2));
      assertThat(first.dataReader().word(0)).hasToString("0x" + "11".repeat(32));
      assertThat(first.removed()).isFalse();
      assertThat(first.blockTimestamp()).isNotNull();
    }
  }

  @Test
  void logTimestamp_shouldBeReadAsHexNumberOrNothing() {
    String json = recorded("eth-logs");
    String hex = json.replaceAll(".*?\"blockTimestamp\":\"(0x[0-9a-f]+)\".*", "$1");
    long time = Long.decode(hex);
    assertThat(logs(json).getFirst().blockTimestamp()).isEqualTo(time);
    assertThat(
            logs(json.replace("\"" + hex + "\"", Long.toString(time))).getFirst().blockTimestamp())
        .isEqualTo(time);
    assertThat(logs(json.replace("blockTimestamp", "other")).getFirst().blockTimestamp()).isNull();
    assertThat(logs("[]")).isEmpty();
  }

  @Test
  void pendingOrBrokenLogs_shouldBeMalformed() {
    String json = recorded("eth-logs");
    for (String broken :
        List.of(
            json.replaceAll("\"blockHash\":\"[^\"]+\"", "\"blockHash\":null"),
            json.replace("\"data\":\"0x", "\"data\":\"0x0"),
            json.replace("\"topics\":[", "\"topics\":[" + "\"0x%064d\",".formatted(0).repeat(3)),
            json.replace("\"address\":\"0x5f", "\"address\":\"0x"),
            json.replaceAll("\"logIndex\":\"0x0\"", "\"logIndex\":\"0x80000000\""),
            "[null]",
            "{}")) {
      assertThatThrownBy(() -> logs(broken)).isInstanceOf(RpcException.Malformed.class);
    }
  }

  private static List<Log> logs(String json) {
    return answer(json, eth -> eth.logs(LogFilter.range(0, 1, List.of())));
  }

  @Test
  void otherRecordedAnswers_shouldBeRead() {
    Transaction transaction =
        answer(recorded("eth-tx"), eth -> eth.transaction(Hash.ZERO)).orElseThrow();
    assertThat(transaction.isMined()).isTrue();
    assertThat(transaction.from()).isEqualTo(SENDER);
    assertThat(transaction.input().size()).isEqualTo(32);
    String waiting =
        recorded("eth-tx")
            .replaceAll("\"(blockHash|blockNumber|transactionIndex)\":\"[^\"]+\"", "\"$1\":null");
    assertThat(answer(waiting, eth -> eth.transaction(Hash.ZERO)).orElseThrow().isMined())
        .isFalse();
    FeeHistory fees =
        answer(recorded("eth-fees"), eth -> eth.feeHistory(2, BlockTag.LATEST, List.of(10, 50)));
    assertThat(fees.oldestBlock()).isEqualTo(1);
    assertThat(fees.baseFeePerGas()).hasSize(3);
    assertThat(fees.nextBaseFee()).isEqualTo(fees.baseFeePerGas().get(2));
    assertThat(fees.rewards()).hasSize(2).allMatch(row -> row.size() == 2);
    assertThat(fees.gasUsedRatio()).allMatch(ratio -> ratio > 0 && ratio < 1);
  }

  @Test
  void simpleAnswers_shouldBeRead() {
    assertAnswer("\"0x14a34\"", EthRpc::chainId, ChainId.BASE_SEPOLIA);
    assertAnswer("\"0x0\"", EthRpc::blockNumber, 0L);
    assertAnswer(
        "\"0xde0b6b3a7640000\"",
        eth -> eth.balance(SENDER, BlockTag.LATEST),
        BigInteger.TEN.pow(18));
    assertAnswer("\"0x\"", eth -> eth.code(SENDER, BlockTag.LATEST), Bytes.EMPTY);
    Function<EthRpc, Hash> storage = eth -> eth.storage(CONTRACT, Hash.ZERO, BlockTag.LATEST);
    assertAnswer("\"0x5\"", storage, Hash.ofUint(5));
    assertAnswer("\"0x" + "0".repeat(63) + "5\"", storage, Hash.ofUint(5));
    assertAnswer("\"0x77359400\"", EthRpc::gasPrice, BigInteger.valueOf(2_000_000_000));
    assertAnswer("\"0x1\"", EthRpc::maxPriorityFeePerGas, BigInteger.ONE);
    assertAnswer(
        "\"0x5208\"",
        eth -> eth.estimateGas(CallRequest.of(SENDER, CONTRACT, Bytes.EMPTY)),
        21000L);
    assertAnswer("null", eth -> eth.transactionReceipt(Hash.ZERO), Optional.empty());
    assertAnswer("{\"a\": 1}", eth -> eth.request("anvil_x", "[]"), "{\"a\": 1}");
  }

  @Test
  void requests_shouldBeWrittenAsNodesExpectThem() {
    String word = "0x" + "0".repeat(63);
    assertThat(params("null", eth -> eth.blockByNumber(255)))
        .isEqualTo("\"eth_getBlockByNumber\" [\"0xff\",false]");
    assertThat(params("null", eth -> eth.block(BlockTag.FINALIZED)))
        .isEqualTo("\"eth_getBlockByNumber\" [\"finalized\",false]");
    assertThat(params("null", eth -> eth.blockByHash(Hash.ofUint(1))))
        .isEqualTo("\"eth_getBlockByHash\" [\"" + word + "1\",false]");
    assertThat(params("null", eth -> eth.blockReceipts(BlockRef.hash(Hash.ofUint(1)))))
        .isEqualTo("\"eth_getBlockReceipts\" [\"" + word + "1\"]");
    assertThat(params("\"0x1\"", eth -> eth.transactionCount(SENDER, BlockTag.PENDING)))
        .isEqualTo("\"eth_getTransactionCount\" [\"" + SENDER + "\",\"pending\"]");
    assertThat(
            params(
                "\"0x\"",
                eth ->
                    eth.call(
                        CallRequest.of(SENDER, CONTRACT, Bytes.parse("0x1234")),
                        BlockRef.hash(Hash.ofUint(1)))))
        .isEqualTo(
            "\"eth_call\" [{\"from\":\""
                + SENDER
                + "\",\"to\":\""
                + CONTRACT
                + "\",\"data\":\"0x1234\"},{\"blockHash\":\""
                + word
                + "1\",\"requireCanonical\":true}]");
    assertThat(
            params(
                "\"0x1\"",
                eth -> eth.estimateGas(new CallRequest(null, null, BigInteger.TEN, Bytes.EMPTY))))
        .isEqualTo("\"eth_estimateGas\" [{\"value\":\"0xa\",\"data\":\"0x\"}]");
    CallRequest call = new CallRequest(null, null, BigInteger.TEN, Bytes.EMPTY);
    assertThat(
            params(
                "\"0x1\"", eth -> eth.rpc().call(EthCalls.estimateGas(call, BlockRef.number(16)))))
        .isEqualTo("\"eth_estimateGas\" [{\"value\":\"0xa\",\"data\":\"0x\"},\"0x10\"]");
    assertThat(
            params(
                "[]",
                eth ->
                    eth.logs(
                        LogFilter.range(1, 16, List.of(CONTRACT))
                            .withTopic0(List.of(Hash.ofUint(1), Hash.ofUint(2))))))
        .isEqualTo(
            "\"eth_getLogs\" [{\"fromBlock\":\"0x1\",\"toBlock\":\"0x10\",\"address\":[\""
                + CONTRACT
                + "\"],\"topics\":[[\""
                + word
                + "1\",\""
                + word
                + "2\"]]}]");
    assertThat(
            params(
                "[]",
                eth ->
                    eth.logs(
                        new LogFilter(
                            new LogFilter.Blocks.One(Hash.ofUint(1)),
                            List.of(),
                            List.of(List.of(), List.of(Hash.ofUint(2)))))))
        .isEqualTo(
            "\"eth_getLogs\" [{\"blockHash\":\""
                + word
                + "1\",\"topics\":[null,[\""
                + word
                + "2\"]]}]");
    assertThat(params("\"" + word + "1\"", eth -> eth.sendRawTransaction(Bytes.parse("0x02c0"))))
        .isEqualTo("\"eth_sendRawTransaction\" [\"0x02c0\"]");
    assertThat(
            params(recorded("eth-fees"), eth -> eth.feeHistory(20, BlockTag.LATEST, List.of(50))))
        .isEqualTo("\"eth_feeHistory\" [\"0x14\",\"latest\",[50]]");
  }

  @Test
  void callsOfSeveralKinds_shouldFitOneBatch() {
    String body =
        "[{\"id\":#1,\"result\":"
            + recorded("eth-logs")
            + "},{\"id\":#0,\"result\":"
            + recorded("eth-block")
            + "}]";
    try (FakeNode node = FakeNode.json(body);
        JsonRpcClient client = node.client()) {
      List<RpcCall<Object>> calls =
          List.of(
              EthCalls.block(BlockTag.LATEST).map(block -> block.orElseThrow()),
              EthCalls.logs(LogFilter.range(2, 2, List.of())).map(logs -> logs));
      List<Object> results = client.callAll(calls).stream().map(RpcReply::orThrow).toList();
      assertThat(results.get(0)).isInstanceOf(BlockHeader.class);
      assertThat(results.get(1))
          .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
          .hasSize(2);
    }
  }

  @Test
  void strings_shouldBeEscaped() {
    assertThat(Json.string("a\"b\\c\n\u0001é")).isEqualTo("\"a\\\"b\\\\c\\u000a\\u0001é\"");
  }
}
