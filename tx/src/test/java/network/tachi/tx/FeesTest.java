package network.tachi.tx;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Random;
import network.tachi.evm.Hash;
import org.junit.jupiter.api.Test;

class FeesTest {
  @Test
  void suggestion_shouldBeTwiceTheBaseFeePlusTip_withinTheCap() {
    assertThat(Fees.suggest(heads(100, 7), policy(1000, 20))).isEqualTo(fees(207, 7));
    assertThat(Fees.suggest(heads(100, 7), policy(150, 20))).isEqualTo(fees(150, 7));
    assertThat(Fees.suggest(heads(100, 700), policy(150, 20))).isEqualTo(fees(150, 150));
  }

  @Test
  void bump_shouldRaiseBoth_andFollowTheMarket() {
    assertThat(fees(100, 10).bumped(fees(50, 5), policy(1000, 20))).contains(fees(120, 12));
    assertThat(fees(100, 10).bumped(fees(500, 40), policy(1000, 20))).contains(fees(500, 40));
    assertThat(fees(1, 0).bumped(fees(1, 0), policy(1000, 20))).contains(fees(2, 1));
  }

  @Test
  void bump_shouldEndAtTheCap() {
    assertThat(fees(100, 10).bumped(fees(100, 10), policy(115, 20))).contains(fees(115, 12));
    assertThat(fees(100, 10).bumped(fees(100, 10), policy(112, 20))).isEmpty();
    assertThat(fees(100, 10).bumped(fees(900, 10), policy(100, 20))).isEmpty();
  }

  @Test
  void bump_shouldAlwaysBeWhatNodesAccept_orNone() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      long max = random.nextLong(1, 1L << random.nextInt(1, 60));
      Fees before = fees(max, random.nextLong(max + 1));
      SendPolicy policy = policy(random.nextLong(max, 2 * max + 2), 10 + random.nextInt(90));
      Fees now = fees(random.nextLong(1, 2 * max + 2), 0);
      before
          .bumped(now, policy)
          .ifPresent(after -> {
            assertThat(after.maxFee())
                .as("seed " + seed)
                .isLessThanOrEqualTo(policy.maxFeePerGas());
            assertThat(after.priority()).as("seed " + seed).isLessThanOrEqualTo(after.maxFee());
            assertThat(isTenPercentMore(after.maxFee(), before.maxFee()))
                .as("seed " + seed)
                .isTrue();
            assertThat(isTenPercentMore(after.priority(), before.priority()))
                .as("seed " + seed)
                .isTrue();
          });
    }
  }

  private static boolean isTenPercentMore(BigInteger after, BigInteger before) {
    return after.compareTo(before) > 0
        && after.multiply(BigInteger.TEN).compareTo(before.multiply(BigInteger.valueOf(11))) >= 0;
  }

  private static Fees fees(long maxFee, long priority) {
    return new Fees(BigInteger.valueOf(maxFee), BigInteger.valueOf(priority));
  }

  private static Heads heads(long baseFee, long tip) {
    return new Heads(
        1,
        Hash.ZERO,
        Hash.ZERO,
        BigInteger.valueOf(baseFee),
        30_000_000,
        -1,
        -1,
        0,
        BigInteger.valueOf(tip));
  }

  private static SendPolicy policy(long cap, int bumpPercent) {
    return new SendPolicy(
        Duration.ofMillis(1),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        bumpPercent,
        BigInteger.valueOf(cap),
        130,
        16);
  }
}
