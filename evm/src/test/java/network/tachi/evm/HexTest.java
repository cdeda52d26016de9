package network.tachi.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HexTest {
  @Test
  void randomBytes_shouldSurviveARoundTrip() {
    Seeded.repeat(
        200,
        random -> {
          byte[] bytes = Seeded.bytes(random, random.nextInt(100));
          String text = Hex.encode(bytes);
          assertThat(Hex.decode(text)).isEqualTo(bytes);
          assertThat(Hex.decode("0x" + text.substring(2).toUpperCase(Locale.ROOT)))
              .isEqualTo(bytes);
          char[] padded = ("ab" + text + "cd").toCharArray();
          assertThat(Hex.decode("field", padded, 2, text.length())).isEqualTo(bytes);
          assertThat("0x" + Hex.encodeUnprefixed(bytes)).isEqualTo(text);
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0", "0x1", "12", "0xg0", "0x0g", "0x 1", "x012", "0x1\u00e9", "0x-1"})
  void malformedHex_shouldBeRefusedNamingTheField(String text) {
    assertThatThrownBy(() -> Hex.decode("topic", text))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("topic: expected ");
    assertThatThrownBy(() -> Hex.decode("topic", text.toCharArray(), 0, text.length()))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void wrongSize_shouldBeRefused() {
    assertThatThrownBy(() -> Hex.decode("word", "0x00", 2))
        .isInstanceOf(InvalidValueException.class)
        .hasMessage("word: expected 0x and 4 hex digits, found 0x00");
  }

  @ParameterizedTest
  @CsvSource({
    "0x0,0",
    "0x1f,31",
    "0X1F,31",
    "0x001f,31",
    "0x00000000000000000000000000000000000000001f,31",
    "0x7fffffffffffffff,9223372036854775807"
  })
  void quantities_shouldBeRead(String text, long value) {
    assertThat(Hex.parseQuantity("n", text)).isEqualTo(value);
    assertThat(Hex.parseBigQuantity("n", text)).isEqualTo(BigInteger.valueOf(value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0x",
        "1",
        "0x8000000000000000",
        "0xffffffffffffffff",
        "0x10000000000000000",
        "0xzz",
        "-0x1"
      })
  void badQuantities_shouldBeRefused(String text) {
    assertThatThrownBy(() -> Hex.parseQuantity("n", text))
        .isInstanceOf(InvalidValueException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0x", "1", "0x+1", "0x-1", "0x1_0"})
  void badBigQuantities_shouldBeRefused(String text) {
    assertThatThrownBy(() -> Hex.parseBigQuantity("n", text))
        .isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> Hex.parseBigQuantity("n", "0x1" + "0".repeat(64)))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void negativeQuantity_shouldNotBeWritten() {
    assertThat(Hex.quantity(0)).isEqualTo("0x0");
    assertThat(Hex.quantity(BigInteger.valueOf(256))).isEqualTo("0x100");
    assertThatThrownBy(() -> Hex.quantity(-1)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> Hex.quantity(BigInteger.ONE.negate()))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void longFoundText_shouldBeCutInTheMessage() {
    assertThatThrownBy(() -> Hex.decode("q".repeat(5000)))
        .hasMessageContaining("(5000 chars)")
        .message()
        .hasSizeLessThan(200);
  }
}
