package network.tachi.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private Instant now = Instant.EPOCH;
  private final CatchUpProgress way = new CatchUpProgress("base", () -> now);

  @Test
  void shortWay_shouldBeNone() {
    way.looked(100, 1_099);

    assertThat(way.progress()).isEmpty();
  }

  @Test
  void longWay_shouldCountWhatIsCommitted() {
    way.looked(100, 2_100);
    now = now.plusSeconds(10);
    way.committed(1_100, 500);

    assertThat(way.progress())
        .contains(new Progress("base", 101, 1_100, 2_100, 500, Duration.ofSeconds(10)));
    assertThat(way.progress().orElseThrow().left()).contains(Duration.ofSeconds(10));
  }

  @Test
  void headThatGoesOn_shouldMakeItLonger_andTheEndEndsIt() {
    way.looked(100, 2_100);
    way.committed(2_000, 7);
    way.looked(2_000, 2_110);
    assertThat(way.progress()).map(Progress::last).contains(2_110L);

    way.committed(2_110, 0);

    assertThat(way.progress()).isEmpty();
  }

  @Test
  void headThatIsReachedByGoingBack_shouldEndIt() {
    way.looked(100, 2_100);
    way.committed(2_000, 7);

    way.looked(2_000, 2_000);

    assertThat(way.progress()).isEmpty();
  }
}
