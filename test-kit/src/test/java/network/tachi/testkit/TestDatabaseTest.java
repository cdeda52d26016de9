package network.tachi.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import network.tachi.store.DatabaseRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

class TestDatabaseTest {
  private static final String INSERT =
      "INSERT INTO metering.lease VALUES ('sequencer', 'me', 1, now())";

  @Test
  void databases_shouldNotSeeEachOther() {
    try (TestDatabase first = TestDatabase.create();
        TestDatabase second = TestDatabase.create()) {
      first.as(DatabaseRole.ORACLE).dsl().execute(INSERT);

      assertThat(leases(first)).isOne();
      assertThat(leases(second)).isZero();
    }
  }

  @Test
  void reset_shouldEmptyAllTables_andKeepTheConnections() {
    try (TestDatabase database = TestDatabase.create()) {
      database.as(DatabaseRole.ORACLE).dsl().execute(INSERT);
      database.reset();

      assertThat(leases(database)).isZero();
      database.as(DatabaseRole.ORACLE).dsl().execute(INSERT);
      assertThat(leases(database)).isOne();
    }
  }

  @Test
  void reset_shouldTakeLessThan200Milliseconds(TestReporter reporter) {
    List<Duration> copies = new ArrayList<>();
    List<Duration> resets = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Instant start = Instant.now();
      try (TestDatabase database = TestDatabase.create()) {
        copies.add(Duration.between(start, Instant.now()));
        for (int j = 0; j < 2; j++) {
          database.as(DatabaseRole.ORACLE).dsl().execute(INSERT);
          start = Instant.now();
          database.reset();
          resets.add(Duration.between(start, Instant.now()));
        }
      }
    }
    reporter.publishEntry("copies", copies.toString());
    reporter.publishEntry("resets", resets.toString());
    // The best of several: what the machine does besides must not fail the test.
    assertThat(Collections.min(resets)).isLessThan(Duration.ofMillis(200));
    assertThat(Collections.min(copies)).isLessThan(Duration.ofSeconds(1));
  }

  private static int leases(TestDatabase database) {
    return database
        .as(DatabaseRole.ORACLE)
        .dsl()
        .fetchCount(network.tachi.store.jooq.metering.Tables.LEASE);
  }
}
