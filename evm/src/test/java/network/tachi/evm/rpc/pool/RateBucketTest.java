package network.tachi.evm.rpc.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** On a clock of its own: minutes pass in no time. */
final class RateBucketTest {
  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;

  @Test
  void noLimitSaid_shouldBeNone() {
    RateBucket bucket = new RateBucket(0);
    for (int i = 0; i < 100_000; i++) {
      assertThat(bucket.tryTake(100, i)).isTrue();
    }
    assertThat(bucket.perSecond()).isInfinite();
  }

  @Test
  void retryAfter_shouldBeWaitedFor() {
    RateBucket bucket = new RateBucket(0);
    assertThat(bucket.tryTake(1, 0)).isTrue();
    bucket.limited(Optional.of(Duration.ofSeconds(7)), 0);
    assertThat(bucket.nanosUntilFree(0)).isEqualTo(7 * SECOND);
    assertThat(bucket.tryTake(1, 7 * SECOND - 1)).isFalse();
    assertThat(bucket.nanosUntilFree(7 * SECOND)).isZero();
  }

  @Test
  void absurdRetryAfter_shouldBeCut() {
    RateBucket bucket = new RateBucket(0);
    bucket.limited(Optional.of(Duration.ofDays(1)), 0);
    assertThat(bucket.nanosUntilFree(0)).isEqualTo(60 * SECOND);
  }

  @Test
  void refusalsInARow_shouldPauseLongerEachTime() {
    RateBucket bucket = new RateBucket(0);
    long now = 0;
    long last = 0;
    for (int i = 0; i < 5; i++) {
      bucket.limited(Optional.empty(), now);
      long wait = bucket.nanosUntilFree(now);
      assertThat(wait).isGreaterThan(last);
      last = wait;
      now += wait;
    }
    bucket.answered(now);
    bucket.limited(Optional.empty(), now);
    assertThat(bucket.nanosUntilFree(now)).isLessThan(last);
  }

  @Test
  void batch_shouldCostItsCalls() {
    RateBucket bucket = new RateBucket(0);
    for (int i = 0; i < 100; i++) {
      assertThat(bucket.tryTake(1, i * 10L * MILLI)).isTrue();
    }
    bucket.limited(Optional.empty(), SECOND);
    double rate = bucket.perSecond();
    assertThat(rate).isBetween(60.0, 100.0);
    long free = 5 * SECOND;
    assertThat(bucket.tryTake(200, free)).isTrue();
    assertThat(bucket.nanosUntilFree(free)).isBetween(SECOND, (long) (200 / rate * SECOND));
  }

  /** A server that refuses what is above 50 in any second, and a client that always has work. */
  @Test
  void steadyWork_shouldSettleBelowTheLimit() {
    RateBucket bucket = new RateBucket(0);
    Deque<Long> taken = new ArrayDeque<>();
    long refused = 0;
    long answered = 0;
    for (long now = 0; now < 180 * SECOND; now += MILLI) {
      if (!bucket.tryTake(1, now)) {
        continue;
      }
      while (!taken.isEmpty() && taken.getFirst() <= now - SECOND) {
        taken.removeFirst();
      }
      if (taken.size() >= 50) {
        bucket.limited(Optional.empty(), now);
        refused += now > 60 * SECOND ? 1 : 0;
      } else {
        taken.addLast(now);
        bucket.answered(now);
        answered += now > 60 * SECOND ? 1 : 0;
      }
    }
    assertThat(refused).isLessThanOrEqualTo((refused + answered) / 100);
    assertThat(answered).as("of 6,000 that were allowed").isGreaterThan(4_500);
  }
}
