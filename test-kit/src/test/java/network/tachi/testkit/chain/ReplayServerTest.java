package network.tachi.testkit.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.BlockHeader.HashCheck;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.CallRequest;
import network.tachi.evm.rpc.EthCalls;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.JsonRpcOptions;
import network.tachi.evm.rpc.Log;
import network.tachi.evm.rpc.LogFilter;
import network.tachi.evm.rpc.Receipt;
import network.tachi.evm.rpc.RpcException;
import network.tachi.evm.rpc.RpcReply;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The server, as our own clients and the JDK's see it. */
class ReplayServerTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Address PAYMENTS = GeneratedContracts.DEFAULT.payments();

  private GeneratedChain chain;
  private ReplayNode node;
  private ReplayServer server;
  private JsonRpcClient client;
  private EthRpc rpc;

  @BeforeEach
  void start() {
    serve(ChainSpec.base(3, Stories.busy(80)), 100);
  }

  private void serve(ChainSpec spec, int blocks) {
    chain = GeneratedChain.create(spec);
    node = new ReplayNode(chain, chain.extend(chain.genesis(), blocks));
    server = ReplayServer.start(node);
    client = new JsonRpcClient(server.uri(), JsonRpcOptions.DEFAULTS);
    rpc = new EthRpc(client);
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void tags_shouldFollowTheHead() {
    assertThat(rpc.chainId()).isEqualTo(ChainId.BASE_SEPOLIA);
    assertThat(rpc.blockNumber()).isEqualTo(100);
    assertThat(number(BlockTag.SAFE)).isEqualTo(68);
    assertThat(number(BlockTag.FINALIZED)).isEqualTo(36);
    node.mine(4);
    assertThat(number(BlockTag.LATEST)).isEqualTo(104);
    assertThat(number(BlockTag.FINALIZED)).isEqualTo(40);
    node.finality(10, 20, 16);
    assertThat(number(BlockTag.SAFE)).isEqualTo(80);
    node.finalize(3);
    assertThat(number(BlockTag.FINALIZED)).isEqualTo(3);
    assertThat(rpc.blockByNumber(105)).isEmpty();
  }

  private long number(BlockTag tag) {
    return rpc.block(tag).orElseThrow().number();
  }

  @ParameterizedTest
  @EnumSource(ChainShape.class)
  void headersOfEveryShape_shouldHashToTheirHash(ChainShape shape) {
    stop();
    serve(ChainSpec.base(3, Stories.busy(80)).withShape(shape).withTimestampMillis(), 40);
    for (long n = 0; n <= 40; n++) {
      BlockHeader header = rpc.blockByNumber(n).orElseThrow();
      assertThat(header.verifyHash())
          .isEqualTo(shape == ChainShape.ETHEREUM_LATER ? HashCheck.UNVERIFIABLE : HashCheck.MATCH);
      List<Receipt> receipts = rpc.blockReceipts(BlockRef.number(n)).orElseThrow();
      assertThat(OrderedTrieRoot.of(receipts.stream().map(Receipt::consensusBytes).toList()))
          .isEqualTo(header.receiptsRoot());
    }
  }

  @Test
  void logs_shouldBeThoseOfTheReceipts() {
    List<Log> all =
        rpc.blockReceipts(BlockRef.number(90)).orElseThrow().stream()
            .flatMap(receipt -> receipt.logs().stream())
            .toList();
    assertThat(rpc.logs(LogFilter.range(90, 90, List.of()))).isEqualTo(all).isNotEmpty();
    Hash hash = rpc.blockByNumber(90).orElseThrow().hash();
    assertThat(rpc.logs(LogFilter.block(hash, List.of()))).isEqualTo(all);
    List<Log> ours = rpc.logs(LogFilter.range(1, 100, List.of(PAYMENTS)));
    assertThat(ours).isNotEmpty().allMatch(log -> log.address().equals(PAYMENTS));
    Hash topic = ours.getFirst().topics().getFirst();
    assertThat(rpc.logs(LogFilter.range(1, 100, List.of(PAYMENTS)).withTopic0(List.of(topic))))
        .isNotEmpty()
        .isEqualTo(ours.stream().filter(log -> log.topics().getFirst().equals(topic)).toList());
  }

  @Test
  void transactions_shouldBeFoundByHashOnTheCanonicalForkOnly() {
    Receipt receipt = rpc.blockReceipts(BlockRef.number(95)).orElseThrow().getLast();
    assertThat(rpc.transactionReceipt(receipt.transactionHash())).contains(receipt);
    assertThat(rpc.transaction(receipt.transactionHash())).isPresent();
    node.reorg(10, 12, Replacement.OTHER);
    assertThat(rpc.transactionReceipt(receipt.transactionHash())).isEmpty();
    assertThat(rpc.blockReceipts(BlockRef.hash(receipt.blockHash()))).isPresent();
  }

  @Test
  void batches_shouldBeAnsweredInOrder() {
    List<RpcReply<Long>> replies =
        client.callAll(List.of(EthCalls.blockNumber(), EthCalls.blockNumber()));
    assertThat(replies.stream().map(RpcReply::orThrow)).containsExactly(100L, 100L);
    assertThat(node.calls()).containsEntry("eth_blockNumber", 2L);
    assertThat(node.requests()).isEqualTo(1);
  }

  @Test
  void unknownMethod_shouldBeRefused() {
    assertThatThrownBy(() -> rpc.request("eth_mystery", "[]"))
        .isInstanceOf(RpcException.ErrorReply.class)
        .hasMessageContaining("does not exist");
  }

  @Test
  void contractCalls_shouldReturnWhatWasSet() {
    assertThat(rpc.code(PAYMENTS, BlockTag.LATEST).isEmpty()).isFalse();
    node.callResult(PAYMENTS, Bytes.of((byte) 1));
    assertThat(rpc.call(CallRequest.to(PAYMENTS, Bytes.EMPTY), BlockTag.LATEST))
        .isEqualTo(Bytes.of((byte) 1));
  }

  @Test
  void controls_shouldMoveTheChain() {
    rpc.request("replay_mine", "[5]");
    assertThat(rpc.blockNumber()).isEqualTo(105);
    Hash old = rpc.blockByNumber(105).orElseThrow().hash();
    rpc.request("replay_reorg", "[3,2,\"nothing\"]");
    assertThat(rpc.blockNumber()).isEqualTo(104);
    assertThat(rpc.blockByHash(old)).isPresent();
    rpc.request("replay_play", "[1,6]");
    assertThat(await(() -> rpc.blockNumber() == 110)).isTrue();
    JsonNode announced = JSON.readTree(rpc.request("replay_announcements", "[]"));
    assertThat(announced.get(announced.size() - 1).get(0).asLong()).isEqualTo(110);
  }

  private static boolean await(java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (System.nanoTime() < end) {
      if (condition.getAsBoolean()) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  // ---- faults

  @Test
  void changedResults_shouldReachTheClient() {
    node.faults(
        call(
            "eth_getBlockReceipts",
            new CallFault.Changed(result -> {
              ((ArrayNode) result.get(result.size() - 1).get("logs")).removeAll();
              ((ObjectNode) result.get(0)).put("gasUsed", "0x1");
              return result;
            })));
    List<Receipt> receipts = rpc.blockReceipts(BlockRef.number(90)).orElseThrow();
    assertThat(receipts.getLast().logs()).isEmpty();
    assertThat(receipts.getFirst().gasUsed()).isEqualTo(1);
  }

  @Test
  void otherResults_shouldReachTheClient() {
    node.faults(call("eth_getBlockByNumber", new CallFault.Instead("null")));
    assertThat(rpc.blockByNumber(1)).isEmpty();
    node.faults(call("eth_chainId", new CallFault.Instead("\"0x1\"")));
    assertThat(rpc.chainId()).isEqualTo(ChainId.of(1));
    node.faults(call("eth_blockNumber", new CallFault.Failure(-32005, "too \"many\"")));
    assertThatThrownBy(rpc::blockNumber).hasMessageContaining("too \"many\"");
    node.faults(
        call("eth_blockNumber", new CallFault.SeenFrom(chain.extend(chain.genesis(), 5).at(3))));
    assertThat(rpc.blockNumber()).isEqualTo(3);
  }

  @Test
  void missingAnswers_shouldFailTheClient() {
    node.faults(call("eth_blockNumber", new CallFault.Missing()));
    assertThatThrownBy(rpc::blockNumber).isInstanceOf(RpcException.class);
    assertThat(client.callAll(List.of(EthCalls.chainId(), EthCalls.chainId())).getFirst().orThrow())
        .isEqualTo(ChainId.BASE_SEPOLIA);
  }

  private static Faults call(String method, CallFault fault) {
    return new Faults() {
      @Override
      public CallFault call(Call call) {
        return call.method().equals(method) ? fault : CallFault.NONE;
      }
    };
  }

  private static Faults answer(AnswerFault fault) {
    return new Faults() {
      @Override
      public AnswerFault answer(List<Call> calls) {
        return fault;
      }
    };
  }

  @Test
  void brokenAnswers_shouldFailTheClient() {
    for (AnswerFault fault :
        List.of(
            new AnswerFault.Status(429, Map.of("retry-after", "1"), "slow down"),
            new AnswerFault.Status(503, Map.of(), ""),
            new AnswerFault.CutOff(0.5),
            new AnswerFault.Shortened(0.5),
            new AnswerFault.Instead("<html>"),
            new AnswerFault.HangUp())) {
      node.faults(answer(fault));
      assertThatThrownBy(() -> rpc.blockByNumber(50))
          .as(fault.toString())
          .isInstanceOf(RpcException.class);
    }
    node.faults(Faults.NONE);
    assertThat(rpc.blockNumber()).isEqualTo(100);
  }

  @Test
  void reversedBatches_shouldStillHaveTheRightIds() throws Exception {
    node.faults(answer(new AnswerFault.Reversed()));
    JsonNode replies = JSON.readTree(post(BATCH));
    assertThat(replies.get(0).get("id").asInt()).isEqualTo(8);
    assertThat(replies.get(0).get("result").asString()).isEqualTo("0x64");
    node.faults(answer(new AnswerFault.WrongIds()));
    JsonNode wrong = JSON.readTree(post(BATCH));
    assertThat(wrong.get(0).get("id").asInt()).isEqualTo(8);
    assertThat(wrong.get(0).get("result").asString()).isEqualTo("0x14a34");
  }

  private static final String BATCH =
      """
      [{"jsonrpc":"2.0","id":7,"method":"eth_chainId"},
       {"jsonrpc":"2.0","id":8,"method":"eth_blockNumber","params":[]}]
      """;

  private String post(String body) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(server.uri())
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  @Test
  void lateAnswers_shouldComeLate() {
    node.faults(answer(new AnswerFault.Late(Duration.ofMillis(300))));
    long start = System.nanoTime();
    rpc.blockNumber();
    assertThat(System.nanoTime() - start).isGreaterThan(290_000_000);
  }

  @Test
  void silence_shouldTimeTheClientOut() {
    for (Runnable quiet :
        List.<Runnable>of(
            () -> node.faults(answer(new AnswerFault.Silence())), () -> server.deaf(true))) {
      quiet.run();
      try (JsonRpcClient hasty =
          new JsonRpcClient(
              server.uri(), JsonRpcOptions.DEFAULTS.withRequestTimeout(Duration.ofMillis(300)))) {
        assertThatThrownBy(() -> hasty.call(EthCalls.blockNumber()))
            .isInstanceOf(RpcException.class);
      }
    }
  }

  @Test
  void compression_shouldShrinkLargeAnswers() throws Exception {
    server.compresses(true);
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<java.io.InputStream> response =
          http.send(
              HttpRequest.newBuilder(server.uri())
                  .header("accept-encoding", "gzip")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(
                          "{\"id\":1,\"method\":\"eth_getLogs\",\"params\":[{\"fromBlock\":\"0x0\"}]}"))
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      assertThat(response.headers().firstValue("content-encoding")).contains("gzip");
      JsonNode logs = JSON.readTree(new GZIPInputStream(response.body())).get("result");
      assertThat(logs.size()).isEqualTo(rpc.logs(LogFilter.range(0, 100, List.of())).size());
    }
  }

  // ---- websocket

  /** Gathers the messages of a websocket. */
  private static final class Messages implements WebSocket.Listener {
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final StringBuilder part = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        received.add(part.toString());
        part.setLength(0);
      }
      socket.request(1);
      return java.util.concurrent.CompletableFuture.completedStage(null);
    }

    JsonNode next() throws InterruptedException {
      String text = received.poll(5, TimeUnit.SECONDS);
      assertThat(text).as("a message within 5 s").isNotNull();
      return JSON.readTree(text);
    }
  }

  @Test
  void subscribers_shouldHearOfEachHead() throws Exception {
    Messages messages = new Messages();
    try (HttpClient http = HttpClient.newHttpClient()) {
      WebSocket socket =
          http.newWebSocketBuilder().buildAsync(server.webSocketUri(), messages).join();
      socket
          .sendText("{\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}", true)
          .join();
      String subscription = messages.next().get("result").asString();
      node.mine(2);
      Tip reorged = node.reorg(1, 1, Replacement.OTHER);
      for (String hash :
          List.of(
              chain.spec().chain().equals(ChainId.BASE_SEPOLIA)
                  ? reorged.block(101).hash().toString()
                  : "",
              "",
              reorged.hash().toString())) {
        JsonNode params = messages.next().get("params");
        assertThat(params.get("subscription").asString()).isEqualTo(subscription);
        assertThat(params.get("result").get("logsBloom").asString()).hasSize(514);
        if (!hash.isEmpty()) {
          assertThat(params.get("result").get("hash").asString()).isEqualTo(hash);
        }
      }
      socket.sendText("{\"id\":2,\"method\":\"eth_blockNumber\"}", true).join();
      assertThat(messages.next().get("result").asString()).isEqualTo("0x66");
      server.deaf(true);
      node.mine(1);
      assertThat(messages.received.poll(200, TimeUnit.MILLISECONDS)).isNull();
      server.dropConnections();
      assertThat(await(() -> server.connections() == 0)).isTrue();
    }
  }

  @Test
  void requests_shouldTakeBytesAndGiveBytesWithoutANetwork() {
    String request = "{\"id\":\"a\",\"method\":\"eth_blockNumber\"}";
    assertThat(node.respond(request.getBytes(StandardCharsets.UTF_8)))
        .asString()
        .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"result\":\"0x64\"}");
  }
}
