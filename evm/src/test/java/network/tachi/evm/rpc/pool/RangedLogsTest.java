package network.tachi.evm.rpc.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.EthCalls;
import network.tachi.evm.rpc.FakeNode;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.JsonRpcOptions;
import network.tachi.evm.rpc.Log;
import network.tachi.evm.rpc.LogFilter;
import network.tachi.evm.rpc.RpcException;
import org.junit.jupiter.api.Test;

/** Ranges that are cut to what a real HTTP server allows. */
final class RangedLogsTest {
  private static final Pattern NUMBER =
      Pattern.compile("\"fromBlock\":\"0x([0-9a-f]+)\",\"toBlock\":\"0x([0-9a-f]+)\"");
  private static final List<Address> ADDRESSES =
      IntStream.rangeClosed(1, 5)
          .mapToObj(i -> Address.parse("0x" + "%040x".formatted(i)))
          .toList();
  private static final List<Hash> TOPICS =
      IntStream.rangeClosed(1, 3).mapToObj(i -> Hash.parse("0x" + "%064x".formatted(i))).toList();

  /** Says what is wrong with a request, or nothing. */
  private interface Limit {
    String refuse(long from, long to, int addresses, int topics);
  }

  private final List<Long> sizes = new ArrayList<>();

  /** Each block has a log by each contract with each topic. */
  private List<Log> fetch(LogRange range, long from, long to, Limit limit) {
    FakeNode.Answer answer =
        (exchange, request) -> {
          Matcher numbers = NUMBER.matcher(request);
          if (!numbers.find()) {
            throw new AssertionError(request);
          }
          long first = Long.parseLong(numbers.group(1), 16);
          long last = Long.parseLong(numbers.group(2), 16);
          List<Address> addresses =
              ADDRESSES.stream().filter(each -> request.contains(lower(each))).toList();
          List<Hash> topics =
              TOPICS.stream().filter(each -> request.contains(each.toString())).toList();
          sizes.add(last - first + 1);
          String wrong = limit.refuse(first, last, addresses.size(), topics.size());
          FakeNode.send(
              exchange,
              200,
              FakeNode.fill(
                  wrong.isEmpty()
                      ? "{\"id\":#0,\"result\":" + logs(first, last, addresses, topics) + "}"
                      : "{\"id\":#0,\"error\":{\"code\":-32000,\"message\":\"" + wrong + "\"}}",
                  request));
        };
    try (FakeNode node = new FakeNode(answer);
        JsonRpcClient client = new JsonRpcClient(node.uri(), JsonRpcOptions.DEFAULTS)) {
      return new RangedLogs(
              (first, last, addresses, topics) ->
                  client.call(
                      EthCalls.logs(LogFilter.range(first, last, addresses).withTopic0(topics))),
              range)
          .logs(from, to, ADDRESSES, TOPICS);
    }
  }

  private static String lower(Address address) {
    return address.toString().toLowerCase(java.util.Locale.ROOT);
  }

  private static String logs(long from, long to, List<Address> addresses, List<Hash> topics) {
    List<String> logs = new ArrayList<>();
    for (long block = from; block <= to; block++) {
      for (Address address : addresses) {
        for (Hash topic : topics) {
          logs.add(
              "{\"address\":\"%s\",\"topics\":[\"%s\"],\"data\":\"0x\",\"blockNumber\":\"0x%x\",\"blockHash\":\"%s\",\"transactionHash\":\"%s\",\"transactionIndex\":\"0x0\",\"logIndex\":\"0x%x\",\"removed\":false}"
                  .formatted(
                      address,
                      topic,
                      block,
                      Hash.ZERO,
                      Hash.ZERO,
                      ADDRESSES.indexOf(address) * TOPICS.size() + TOPICS.indexOf(topic)));
        }
      }
    }
    return logs.toString();
  }

  private static void assertWhole(List<Log> logs, long from, long to) {
    int each = ADDRESSES.size() * TOPICS.size();
    assertThat(logs).hasSize((int) (to - from + 1) * each);
    assertThat(logs.stream().map(Log::blockNumber).toList())
        .containsExactlyElementsOf(
            LongStream.rangeClosed(from, to)
                .boxed()
                .flatMap(block -> IntStream.range(0, each).mapToObj(_ -> block))
                .toList());
    assertThat(logs.subList(0, each))
        .extracting(Log::logIndex)
        .containsExactlyElementsOf(IntStream.range(0, each).boxed().toList());
  }

  @Test
  void namedCap_shouldBeKeptToAtOnce() {
    LogRange range = new LogRange(1_000);
    Limit cap = (from, to, _, _) -> to - from + 1 > 30 ? "exceed maximum block range: 30" : "";
    assertWhole(fetch(range, 7, 106, cap), 7, 106);
    assertThat(sizes).containsExactly(100L, 30L, 30L, 30L, 10L);
    assertThat(range.ceiling()).isEqualTo(30);
  }

  @Test
  void unnamedCap_shouldBeFoundByHalving() {
    LogRange range = new LogRange(64);
    Limit cap = (from, to, _, _) -> to - from + 1 > 20 ? "block range is too wide" : "";
    assertWhole(fetch(range, 0, 99, cap), 0, 99);
    assertThat(sizes).startsWith(64L, 32L, 16L, 16L);
    assertThat(range.ceiling()).isEqualTo(16);
  }

  @Test
  void densePlace_shouldNotLowerTheCeiling() {
    LogRange range = new LogRange(40);
    Limit density =
        (from, to, _, _) ->
            from < 40 && to - from + 1 > 10 ? "query returned more than 10000 results" : "";
    assertWhole(fetch(range, 0, 399, density), 0, 399);
    assertThat(range.ceiling()).isEqualTo(40);
    assertThat(range.blocks()).isEqualTo(40);
  }

  @Test
  void unknownWords_shouldBeHalvedAndLoseNoBlock() {
    Limit odd = (from, to, _, _) -> to - from + 1 > 3 ? "the stars are wrong" : "";
    assertWhole(fetch(new LogRange(50), 1, 60, odd), 1, 60);
  }

  @Test
  void singleBlock_shouldBeDividedByContractAndThenByTopic() {
    Limit strict =
        (_, _, addresses, topics) -> addresses > 1 || topics > 1 ? "too many results" : "";
    assertWhole(fetch(new LogRange(8), 5, 9, strict), 5, 9);
  }

  @Test
  void tooManyAddresses_shouldBeDividedWithoutShorterRange() {
    LogRange range = new LogRange(8);
    Limit two =
        (_, _, addresses, _) -> addresses > 2 ? "Please, specify less number of addresses" : "";
    assertWhole(fetch(range, 0, 7, two), 0, 7);
    assertThat(sizes).allMatch(size -> size == 8);
  }

  @Test
  void refusalOfTheLeast_shouldBeThrown() {
    assertThatThrownBy(() -> fetch(new LogRange(8), 0, 7, (_, _, _, _) -> "too many results"))
        .isInstanceOf(RpcException.ErrorReply.class);
    sizes.clear();
    assertThatThrownBy(() -> fetch(new LogRange(8), 0, 7, (_, _, _, _) -> "over rate limit"))
        .isInstanceOf(RpcException.ErrorReply.class);
    assertThat(sizes).containsExactly(8L);
  }
}
