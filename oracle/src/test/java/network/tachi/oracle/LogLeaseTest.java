package network.tachi.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.testkit.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogLeaseTest {
  private static final Duration LIFE = Duration.ofSeconds(60);
  private static TestDatabase postgres;

  private Database database;
  private LogLease first;
  private LogLease second;

  @BeforeAll
  static void create() {
    postgres = TestDatabase.create();
  }

  @AfterAll
  static void drop() {
    postgres.close();
  }

  @BeforeEach
  void reset() {
    postgres.reset();
    database = postgres.as(DatabaseRole.ORACLE);
    first = new LogLease(database.dsl(), "first", LIFE);
    second = new LogLease(database.dsl(), "second", LIFE);
  }

  /** What the clock does to a lease that is not renewed. */
  private void expire() {
    database.run(tx -> tx.execute("UPDATE metering.lease SET expires_at = now()"));
  }

  @Test
  void heldLease_shouldNotBeTakenByAnother() {
    assertThat(first.tryTake()).hasValue(1);
    assertThat(second.tryTake()).isEmpty();
    first.renew();
    database.run(first::requireHeld);
    assertThatThrownBy(() -> database.run(second::requireHeld))
        .isInstanceOf(LeaseLostException.class);
  }

  @Test
  void expiredLease_shouldBeTakenAndFenceTheOldHolderOut() {
    first.tryTake();
    expire();
    assertThat(second.tryTake()).hasValue(2);
    assertThatThrownBy(first::renew).isInstanceOf(LeaseLostException.class);
    assertThatThrownBy(() -> database.run(first::requireHeld))
        .isInstanceOf(LeaseLostException.class);
    database.run(second::requireHeld);
  }

  @Test
  void expiredLeaseThatNobodyTook_shouldStillHold() {
    first.tryTake();
    expire();
    database.run(first::requireHeld);
    first.renew();
    assertThat(second.tryTake()).isEmpty();
  }

  @Test
  void releasedLease_shouldBeFreeAtOnce() {
    first.tryTake();
    first.release();
    assertThat(second.tryTake()).hasValue(2);
    assertThatThrownBy(first::renew).isInstanceOf(LeaseLostException.class);
  }
}
