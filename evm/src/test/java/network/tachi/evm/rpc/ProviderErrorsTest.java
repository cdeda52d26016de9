package network.tachi.evm.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The words of real providers, through a real HTTP client, and what they are taken for. */
final class ProviderErrorsTest {
  /** One line of the corpus. */
  record Said(
      String provider,
      int status,
      int code,
      String message,
      String data,
      RpcErrorKind kind,
      OptionalLong range) {
    static Said parse(String line) {
      String[] parts = line.split("\t", -1);
      return new Said(
          parts[0],
          Integer.parseInt(parts[1]),
          Integer.parseInt(parts[2]),
          parts[3].equals("-") ? "" : parts[3].replace("\\n", "\n"),
          parts[4].equals("-") ? "" : parts[4],
          RpcErrorKind.valueOf(parts[5]),
          parts[6].equals("-") ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(parts[6])));
    }

    String body() {
      if (code == 0) {
        return message;
      }
      return "{\"jsonrpc\":\"2.0\",\"id\":#0,\"error\":{\"code\":"
          + code
          + ",\"message\":"
          + Json.string(message)
          + (data.isEmpty() ? "" : ",\"data\":" + data)
          + "}}";
    }
  }

  static List<Said> corpus() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            ProviderErrorsTest.class.getResourceAsStream("/rpc/provider-errors.tsv"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(Said::parse)
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void words_shouldBeTakenForWhatTheyMean(Said said) {
    try (FakeNode node = FakeNode.status(said.status(), said.body());
        JsonRpcClient client = node.client()) {
      RpcException error =
          catchThrowableOfType(RpcException.class, () -> client.call(EthCalls.blockNumber()));
      assertThat(RpcFailure.of(error)).isEqualTo(new RpcFailure(said.kind(), said.range()));
    }
  }

  @Test
  void corpus_shouldBeLargeAndHoldEveryKindThatWordsCanMean() throws IOException {
    List<Said> corpus = corpus();
    assertThat(corpus).hasSizeGreaterThan(100).doesNotHaveDuplicates();
    assertThat(corpus.stream().map(Said::provider).distinct()).hasSizeGreaterThan(25);
    Set<RpcErrorKind> kinds = corpus.stream().map(Said::kind).collect(Collectors.toSet());
    assertThat(kinds)
        .containsExactlyInAnyOrderElementsOf(
            EnumSet.complementOf(
                EnumSet.of(
                    RpcErrorKind.MALFORMED, RpcErrorKind.WRONG_CHAIN, RpcErrorKind.INTERRUPTED)));
  }

  @Test
  void absurdNumbers_shouldSuggestNothing() {
    assertThat(RpcFailure.of(200, -32000, "query exceeds max block range 0").suggestedRange())
        .isEmpty();
    assertThat(
            RpcFailure.of(200, -32000, "exceed maximum block range: 99999999999999999999")
                .suggestedRange())
        .isEmpty();
    assertThat(
            RpcFailure.of(200, -32000, "this block range should work: [0x20, 0x10]")
                .suggestedRange())
        .isEmpty();
  }

  @Test
  void failuresOfTheClient_shouldHaveKindsToo() {
    RpcException timeout = new RpcException.Timeout("a", "b", java.time.Duration.ZERO);
    assertThat(RpcFailure.of(timeout).kind()).isEqualTo(RpcErrorKind.TIMEOUT);
    assertThat(RpcFailure.of(new RpcException.Malformed("a", "b", "", null)).kind())
        .isEqualTo(RpcErrorKind.MALFORMED);
    assertThat(RpcFailure.of(new RpcException.NullResult("a", "b")).kind())
        .isEqualTo(RpcErrorKind.MISSING_DATA);
    assertThat(RpcFailure.of(new RpcException.TooLarge("a", "b", 1)).kind())
        .isEqualTo(RpcErrorKind.BODY_TOO_LARGE);
    assertThat(RpcFailure.of(new RpcException.Interrupted("a", "b")).kind())
        .isEqualTo(RpcErrorKind.INTERRUPTED);
    assertThat(RpcFailure.of(new RpcException.Transport("a", "b", new IOException())).kind())
        .isEqualTo(RpcErrorKind.BACKEND_DOWN);
  }
}
