package network.tachi.evm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UsdcAmountTest {
  private static final BigInteger MAX = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

  @Test
  void arithmetic_shouldEqualThatOfBigIntegers() {
    Seeded.repeat(
        5000,
        random -> {
          BigInteger a = number(random);
          BigInteger b = number(random);
          UsdcAmount left = UsdcAmount.of(a);
          UsdcAmount right = UsdcAmount.of(b);
          assertThat(left.toBigInteger()).isEqualTo(a);
          assertThat(left).hasToString(a.toString()).isEqualTo(UsdcAmount.parse(a.toString()));
          assertThat(left.compareTo(right)).isEqualTo(a.compareTo(b));
          assertThat(left.equals(right)).isEqualTo(a.equals(b));
          assertThat(left.min(right).toBigInteger()).isEqualTo(a.min(b));
          assertThat(left.max(right).toBigInteger()).isEqualTo(a.max(b));
          assertThat(left.toWord()).isEqualTo(Hash.ofUint(a));
          if (a.add(b).compareTo(MAX) <= 0) {
            assertThat(left.plus(right).toBigInteger()).isEqualTo(a.add(b));
          } else {
            assertThatThrownBy(() -> left.plus(right)).isInstanceOf(AmountOverflowException.class);
          }
          if (a.compareTo(b) >= 0) {
            assertThat(left.minus(right).toBigInteger()).isEqualTo(a.subtract(b));
          } else {
            assertThatThrownBy(() -> left.minus(right))
                .isInstanceOf(AmountUnderflowException.class);
          }
          byte[] bytes = new byte[16];
          left.writeTo(bytes, 0);
          assertThat(UsdcAmount.read(bytes, 0)).isEqualTo(left);
        });
  }

  private static BigInteger number(Random random) {
    BigInteger number = new BigInteger(random.nextInt(129), random);
    return random.nextInt(5) == 0 ? MAX.subtract(number) : number;
  }

  @Test
  void products_shouldBeExactOrThrow() {
    assertThat(UsdcAmount.of(1500).times(7)).isEqualTo(UsdcAmount.of(10500));
    assertThat(UsdcAmount.of(1999).basisPoints(250)).isEqualTo(UsdcAmount.of(49));
    assertThat(UsdcAmount.MAX.basisPoints(10_000)).isEqualTo(UsdcAmount.MAX);
    assertThatThrownBy(() -> UsdcAmount.MAX.times(2)).isInstanceOf(AmountOverflowException.class);
    assertThatThrownBy(() -> UsdcAmount.ZERO.times(-1)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> UsdcAmount.ZERO.basisPoints(10_001))
        .isInstanceOf(InvalidValueException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0.001,1000,0.001 USDC",
    "0.001 USDC,1000,0.001 USDC",
    "5,5000000,5 USDC",
    "100.50,100500000,100.5 USDC",
    "0,0,0 USDC",
    "340282366920938463463374607431768.211455,340282366920938463463374607431768211455,340282366920938463463374607431768.211455"
        + " USDC"
  })
  void humanForm_shouldBeReadAndWritten(String text, String units, String printed) {
    assertThat(UsdcAmount.parseUsdc(text)).hasToString(units);
    assertThat(UsdcAmount.parse(units).toUsdcString()).isEqualTo(printed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "0.0000001",
        "1e3",
        ".5",
        "1.",
        "1,5",
        "1 usdc",
        "0x1",
        "340282366920938463463374607431768.211456"
      })
  void malformedHumanForm_shouldBeRefused(String text) {
    assertThatThrownBy(() -> UsdcAmount.parseUsdc(text)).isInstanceOf(InvalidValueException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "+1",
        "01",
        "1.0",
        " 1",
        "1e3",
        "340282366920938463463374607431768211456"
      })
  void malformedUnits_shouldBeRefused(String text) {
    assertThatThrownBy(() -> UsdcAmount.parse(text)).isInstanceOf(InvalidValueException.class);
  }

  @Test
  void viemAmounts_shouldPrintAlike() {
    for (Vector vector : Vector.load("amounts")) {
      UsdcAmount amount = UsdcAmount.parse(vector.text("units"));
      assertThat(amount.toUsdcString()).isEqualTo(vector.text("usdc"));
      assertThat(amount.toWord()).isEqualTo(vector.hash("word"));
      assertThat(UsdcAmount.parseUsdc(vector.text("usdc"))).isEqualTo(amount);
    }
  }

  @Test
  void longValue_shouldBeExactOrThrow() {
    assertThat(UsdcAmount.of(Long.MAX_VALUE).toLongExact()).isEqualTo(Long.MAX_VALUE);
    assertThatThrownBy(() -> UsdcAmount.of(BigInteger.ONE.shiftLeft(63)).toLongExact())
        .isInstanceOf(AmountOverflowException.class);
    assertThatThrownBy(() -> UsdcAmount.of(-1)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> UsdcAmount.of(MAX.add(BigInteger.ONE)))
        .isInstanceOf(InvalidValueException.class);
  }
}
