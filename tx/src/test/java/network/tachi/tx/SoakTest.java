package network.tachi.tx;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.store.DatabaseRole;
import network.tachi.testkit.Anvil;
import network.tachi.testkit.AnvilOptions;
import network.tachi.testkit.TestDatabase;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.RepeatedTest;

/** Whatever happens in whatever order, each request has its effect once. */
class SoakTest {
  private static final int EVENTS = 150;
  private static final int MAX_DEPTH = 30;

  @RepeatedTest(4)
  void randomEvents_shouldLoseAndDoubleNothing() throws Exception {
    long seed = System.nanoTime();
    try (TestDatabase database = TestDatabase.create();
        Anvil anvil = Anvil.start(AnvilOptions.BASE.withoutMining())) {
      new Run(new Rig(anvil, database), database, new Random(seed), "seed " + seed).play();
    }
  }

  private static final class Run {
    private final Rig rig;
    private final TestDatabase database;
    private final Random random;
    private final String what;
    private final List<String> keys = new ArrayList<>();
    private TxSender sender;

    Run(Rig rig, TestDatabase database, Random random, String what) {
      this.rig = rig;
      this.database = database;
      this.random = random;
      this.what = what;
      this.sender = rig.sender();
    }

    void play() throws Exception {
      rig.anvil.mine(MAX_DEPTH + 1);
      for (int i = 0; i < EVENTS; i++) {
        event();
      }
      settle();
      assertThat(rig.counted()).as(what).isEqualTo(keys.size());
      assertThat(rig.anvil.rpc().transactionCount(rig.signer.address(), BlockTag.LATEST))
          .as(what)
          .isEqualTo(keys.size());
      assertThat(keys)
          .allSatisfy(key -> assertThat(rig.status(key).succeeded()).as(what + " " + key).isTrue());
      sender.close();
    }

    private void event() throws SQLException {
      switch (random.nextInt(16)) {
        case 0, 1, 2 -> enqueue();
        case 3 ->
            rig.anvil.reorg(1 + random.nextInt(random.nextBoolean() ? 3 : MAX_DEPTH), List.of());
        case 4 -> rig.anvil.dropAllTransactions();
        case 5 -> rig.clock.advance(Duration.ofMillis(random.nextInt(5000)));
        case 6 -> rig.endLockedSessions();
        case 7 -> restart();
        case 8, 9, 10 -> rig.anvil.mine(1 + random.nextInt(2));
        default -> step();
      }
    }

    private void enqueue() {
      String key = "k" + keys.size();
      keys.add(key);
      rig.outbox.enqueue(rig.count(key));
    }

    /** As after a kill: the old one does not close, its session just ends. */
    private void restart() {
      rig.endLockedSessions();
      sender =
          rig.sender(
              database.another(DatabaseRole.DEPLOY),
              rig.anvil.rpc().rpc(),
              SendPolicy.BASE,
              AlreadyDone.NEVER,
              rig.clock);
    }

    private void step() throws SQLException {
      try {
        sender.step();
      } catch (DataAccessException _) {
        // The session was ended under it; the next step takes another.
        sender.step();
      }
    }

    private void settle() throws SQLException {
      long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (!keys.stream().allMatch(rig::isIncluded)) {
        assertThat(System.nanoTime()).as(what + ": " + sender.trouble()).isLessThan(deadline);
        rig.clock.advance(Duration.ofSeconds(1));
        step();
        rig.anvil.mine(1);
      }
    }
  }
}
