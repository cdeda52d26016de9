package network.tachi.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helidon.common.buffers.BufferData;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parts that need no socket. */
class UnitTest {
  @Test
  void rateLimiter_shouldAllowABurstThenTheRate() {
    AtomicLong now = new AtomicLong(-5);
    RateLimiter limiter = RateLimiter.perClient(10, 3, 10, now::get);

    for (int i = 0; i < 3; i++) {
      assertThat(limiter.tryTake("a", 1)).isEmpty();
    }
    assertThat(limiter.tryTake("a", 1)).contains(Duration.ofMillis(100));
    assertThat(limiter.tryTake("b", 1)).isEmpty();
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(99));
    assertThat(limiter.tryTake("a", 1)).contains(Duration.ofMillis(1));
    now.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
    assertThat(limiter.tryTake("a", 1)).isEmpty();
    now.addAndGet(TimeUnit.HOURS.toNanos(1));
    assertThat(limiter.tryTake("a", 3)).isEmpty();
    assertThat(limiter.tryTake("a", 1)).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "1H,3600000000000",
    "2M,120000000000",
    "3S,3000000000",
    "4m,4000000",
    "5u,5000",
    "6n,6",
    "99999999H,9223372036854775807"
  })
  void grpcTimeout_shouldBeParsed(String text, long nanos) {
    assertThat(DeadlineInterceptor.parseNanos(text)).isEqualTo(nanos);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "S", "1", "1s", "-1S", "123456789S", "1.5S", "١S"})
  void malformedGrpcTimeout_shouldBeRefused(String text) {
    assertThatThrownBy(() -> DeadlineInterceptor.parseNanos(text))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining("grpc-timeout");
  }

  @Test
  void deframer_shouldNotCareHowBytesAreSpread() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      List<byte[]> messages = new ArrayList<>();
      ByteArrayOutputStream wire = new ByteArrayOutputStream();
      for (int i = random.nextInt(5); i >= 0; i--) {
        byte[] message = new byte[random.nextInt(3) == 0 ? 0 : random.nextInt(40_000)];
        random.nextBytes(message);
        messages.add(message);
        wire.writeBytes(
            new byte[] {
              0,
              0,
              (byte) (message.length >>> 16),
              (byte) (message.length >>> 8),
              (byte) message.length
            });
        wire.writeBytes(message);
      }
      List<byte[]> out = new ArrayList<>();
      MessageDeframer deframer = new MessageDeframer(100_000, null);
      byte[] bytes = wire.toByteArray();
      int at = 0;
      while (at < bytes.length) {
        int size = Math.min(bytes.length - at, 1 + random.nextInt(round % 2 == 0 ? 16_384 : 7));
        deframer.feed(BufferData.create(bytes, at, size), out::add);
        at += size;
      }
      assertThat(out.toArray(byte[][]::new))
          .as("seed %d", seed)
          .isDeepEqualTo(messages.toArray(byte[][]::new));
      assertThat(deframer.isMidMessage()).as("seed %d", seed).isFalse();
    }
  }

  @Test
  void deframer_shouldRefuseAFlagOrLengthThatIsWrong() {
    assertThatThrownBy(() -> new MessageDeframer(10, null).feed(bytes(2, 0, 0, 0, 1, 7), _ -> {}))
        .hasMessageContaining("expected 0 or 1, found 2");
    assertThatThrownBy(() -> new MessageDeframer(10, null).feed(bytes(1, 0, 0, 0, 1, 7), _ -> {}))
        .hasMessageContaining("names no codec");
    assertThatThrownBy(
            () -> new MessageDeframer(10, null).feed(bytes(0, 0xff, 0xff, 0xff, 0xff), _ -> {}))
        .hasMessageContaining("found 4294967295 bytes");
  }

  private static BufferData bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return BufferData.create(bytes);
  }

  @Test
  void streamLedger_shouldKnowWhichStreamsAreOver() {
    StreamLedger ledger = new StreamLedger();
    int rst = StreamLedger.RST_STREAM;
    int data = StreamLedger.DATA;
    int headers = StreamLedger.HEADERS;
    int end = StreamLedger.END_STREAM;

    assertThat(ledger.received(headers, end, 1)).isTrue();
    ledger.sent(headers, end, 1);
    assertThat(ledger.received(rst, 0, 1)).isFalse();
    assertThat(ledger.received(StreamLedger.WINDOW_UPDATE, 0, 1)).isFalse();

    assertThat(ledger.received(headers, 0, 3)).isTrue();
    ledger.sent(headers, end, 3);
    assertThat(ledger.received(data, 0, 3)).isTrue();
    assertThat(ledger.received(data, end, 3)).isTrue();
    assertThat(ledger.received(data, 0, 3)).isFalse();

    assertThat(ledger.received(headers, 0, 5)).isTrue();
    assertThat(ledger.received(rst, 0, 5)).isTrue();
    assertThat(ledger.received(rst, 0, 5)).isFalse();
    assertThat(ledger.received(data, end, 5)).isFalse();

    assertThat(ledger.received(rst, 0, 9)).as("an idle stream is Helidon's to refuse").isTrue();
    assertThat(ledger.received(StreamLedger.WINDOW_UPDATE, 0, 0)).isTrue();
  }

  @Test
  void problemJson_shouldEscapeWhatItQuotes() {
    ApiError error = ApiError.of(ErrorCode.CONFLICT, "a\"b\\c\n\u0001\ud800 \u2603");

    assertThat(new String(ProblemJson.render(error, "r1"), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"type\":\"urn:tachi:error:conflict\",\"title\":\"Conflicting change\","
                + "\"status\":409,\"detail\":\"a\\\"b\\\\c\\n\\u0001\\ud800 \u2603\","
                + "\"instance\":\"urn:tachi:request:r1\",\"code\":\"conflict\","
                + "\"request_id\":\"r1\"}");
  }

  @Test
  void grpcMessage_shouldBePercentEncoded() {
    assertThat(GrpcHeaders.percentEncode("a b~%\n\u00fc")).isEqualTo("a b~%25%0A%C3%BC");
  }

  @ParameterizedTest
  @EnumSource(ErrorKind.class)
  void error_shouldSurviveTheWayOverGrpc(ErrorKind kind) {
    ApiError error =
        new ApiError(
            new ErrorCode("some_code", kind, "Some title"),
            "a detail",
            "field",
            "expected",
            "found",
            Duration.ofMillis(1234));

    assertThat(GrpcErrors.fromThrowable(GrpcErrors.toException(error, "r1"))).contains(error);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Camel", "with-dash", "1st", "with space"})
  void errorCode_shouldBeSnakeCase(String value) {
    assertThatThrownBy(() -> new ErrorCode(value, ErrorKind.INTERNAL, "t"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void limits_shouldBePositive() {
    assertThatThrownBy(() -> ServerLimits.builder().maxBodyBytes(0).build())
        .hasMessage("maxBodyBytes must be at least 1, found 0");
    assertThatThrownBy(() -> ServerLimits.builder().idleTimeout(Duration.ZERO).build())
        .hasMessageContaining("idleTimeout");
    assertThatThrownBy(() -> ServerLimits.builder().defaultDeadline(Duration.ofHours(1)).build())
        .hasMessageContaining("above maxDeadline");
  }
}
