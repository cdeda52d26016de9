package network.tachi.tx;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.JsonRpc;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.testkit.Anvil;
import network.tachi.testkit.AnvilOptions;
import network.tachi.testkit.TestDatabase;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever ends a sender at whatever moment, the next one loses nothing and sends nothing twice.
 */
class CrashTest {
  private static final List<String> KEYS = List.of("a", "b", "c");
  private static final int MAX_CALLS = 200;

  private static TestDatabase database;
  private static Anvil anvil;

  /** Stands for the end of the process: nothing of the sender runs after it. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  @BeforeAll
  static void start() {
    database = TestDatabase.create();
    anvil = Anvil.start(AnvilOptions.BASE);
  }

  @AfterAll
  static void stop() {
    anvil.close();
    database.close();
  }

  @ParameterizedTest
  @EnumSource(InterruptibleRpc.Moment.class)
  void killAtEachCallOfTheNode_shouldLoseAndDoubleNothing(InterruptibleRpc.Moment moment)
      throws Exception {
    int at = 0;
    for (boolean reached = true; reached && at < MAX_CALLS; at++) {
      Rig rig = fresh();
      InterruptibleRpc rpc =
          new InterruptibleRpc(
              anvil.rpc().rpc(),
              at,
              moment,
              () -> {
                throw new Killed();
              });
      stepUntilKilled(rig, rpc);
      reached = rpc.happened();
      finish(rig, "killed " + moment + " call " + at);
    }
    assertThat(at).as("calls of a whole run").isBetween(10, MAX_CALLS - 1);
  }

  @ParameterizedTest
  @EnumSource(InterruptibleRpc.Moment.class)
  void lostDatabaseSessionAtEachCallOfTheNode_shouldLoseAndDoubleNothing(
      InterruptibleRpc.Moment moment) throws Exception {
    int at = 0;
    for (boolean reached = true; reached && at < MAX_CALLS; at++) {
      Rig rig = fresh();
      InterruptibleRpc rpc =
          new InterruptibleRpc(anvil.rpc().rpc(), at, moment, rig::endLockedSessions);
      KEYS.forEach(key -> rig.outbox.enqueue(rig.count(key)));
      try (TxSender sender = rig.sender(rpc, SendPolicy.BASE)) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!KEYS.stream().allMatch(rig::isIncluded)) {
          assertThat(System.nanoTime()).isLessThan(deadline);
          try {
            sender.step();
          } catch (DataAccessException | SQLException _) {
            // The sender's thread would go on with the next step, too.
            rig.clock.advance(SendPolicy.BASE.rebroadcastAfter());
          }
        }
      }
      reached = rpc.happened();
      check(rig, "session lost " + moment + " call " + at);
    }
    assertThat(at).as("calls of a whole run").isBetween(10, MAX_CALLS - 1);
  }

  @Test
  void twoSenders_shouldSendEachRequestOnce_andTheSecondShouldTakeOver() {
    Rig rig = fresh();
    List<String> keys = IntStream.range(0, 40).mapToObj(i -> "k" + i).toList();
    try (TxSender second = rig.sender()) {
      try (TxSender first = rig.sender()) {
        first.start();
        second.start();
        keys.subList(0, 20).forEach(key -> rig.outbox.enqueue(rig.count(key)));
        Rig.await(() -> keys.subList(0, 20).stream().allMatch(rig::isIncluded));
        assertThat(List.of(first.trouble(), second.trouble()))
            .satisfiesOnlyOnce(trouble -> assertThat(trouble).contains("another process sends"));
      }
      keys.subList(20, 40).forEach(key -> rig.outbox.enqueue(rig.count(key)));
      Rig.await(() -> keys.stream().allMatch(rig::isIncluded));
    }
    assertThat(rig.counted()).isEqualTo(40);
    assertThat(anvil.rpc().transactionCount(rig.signer.address(), BlockTag.LATEST)).isEqualTo(40);
  }

  @Test
  void secondSender_shouldTakeOver_whenTheFirstLosesItsSession() {
    Rig rig = fresh();
    Database other = database.another(DatabaseRole.DEPLOY);
    List<String> keys = IntStream.range(0, 60).mapToObj(i -> "k" + i).toList();
    JsonRpc node = anvil.rpc().rpc();
    try (TxSender first = rig.sender();
        TxSender second = rig.sender(other, node, SendPolicy.BASE, AlreadyDone.NEVER, rig.clock)) {
      first.start();
      rig.outbox.enqueue(rig.count("first"));
      Rig.await(() -> rig.isIncluded("first"));
      second.start();
      for (String key : keys) {
        rig.outbox.enqueue(rig.count(key));
        if (Integer.parseInt(key.substring(1)) % 20 == 10) {
          rig.endLockedSessions();
        }
      }
      Rig.await(() -> {
        // A broadcast that was cut off is made up for after a while of the senders' clock.
        rig.clock.advance(Duration.ofMillis(1));
        return keys.stream().allMatch(rig::isIncluded);
      });
    }
    assertThat(rig.counted()).isEqualTo(61);
    assertThat(anvil.rpc().transactionCount(rig.signer.address(), BlockTag.LATEST)).isEqualTo(61);
  }

  private static Rig fresh() {
    database.reset();
    Rig rig = new Rig(anvil, database);
    return rig;
  }

  private static void stepUntilKilled(Rig rig, InterruptibleRpc rpc) throws SQLException {
    KEYS.forEach(key -> rig.outbox.enqueue(rig.count(key)));
    try (TxSender sender = rig.sender(rpc, SendPolicy.BASE)) {
      rig.stepUntil(sender, () -> KEYS.stream().allMatch(rig::isIncluded));
    } catch (Killed _) {
      assertThat(rpc.happened()).isTrue();
    }
  }

  private static void finish(Rig rig, String what) throws SQLException {
    try (TxSender sender = rig.sender()) {
      rig.stepUntil(sender, () -> KEYS.stream().allMatch(rig::isIncluded));
    }
    check(rig, what);
  }

  private static void check(Rig rig, String what) {
    assertThat(rig.counted()).as(what).isEqualTo(KEYS.size());
    assertThat(anvil.rpc().transactionCount(rig.signer.address(), BlockTag.LATEST))
        .as(what)
        .isEqualTo(KEYS.size());
    assertThat(KEYS).allSatisfy(key -> assertThat(rig.attempts(key)).as(what).hasSize(1));
  }
}
