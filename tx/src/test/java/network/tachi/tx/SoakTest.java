package network.tachi.tx;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.RpcException;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.testkit.Anvil;
import network.tachi.testkit.AnvilOptions;
import network.tachi.testkit.TestDatabase;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.RepeatedTest;

/**
 * Whatever happens in whatever order, between steps and amid them, each request has its effect
 * once. {@code -Dseed=} plays the events of a failure again.
 */
class SoakTest {
  private static final int EVENTS = 150;
  private static final int MAX_DEPTH = 30;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** {@code if (slot0 < word0 of the call data) revert; slot0 += 1}. */
  private static final Bytes COUNTER_FROM =
      Bytes.parse("0x60003560005410601457" + "60016000540160005500" + "5b60006000fd");

  @RepeatedTest(6)
  void randomEvents_shouldLoseAndDoubleNothing() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    try (TestDatabase database = TestDatabase.create();
        Anvil anvil = Anvil.start(AnvilOptions.BASE.withoutMining())) {
      new Run(new Rig(anvil, database), database, new Random(seed), "-Dseed=" + seed).play();
    }
  }

  private static final class Run {
    private final Rig rig;
    private final TestDatabase database;
    private final Random random;
    private final String what;
    private final UnsteadyRpc rpc;
    private final Address counter;
    private final List<String> keys = new ArrayList<>();
    private TxSender sender;

    Run(Rig rig, TestDatabase database, Random random, String what) {
      this.rig = rig;
      this.database = database;
      this.random = random;
      this.what = what;
      this.rpc = new UnsteadyRpc(rig.anvil.rpc().rpc(), random, this::outside);
      this.counter = rig.contract(0, COUNTER_FROM);
      this.sender = sender(rig.database);
    }

    void play() throws Exception {
      rig.anvil.mine(MAX_DEPTH + 1);
      for (int i = 0; i < EVENTS; i++) {
        event();
      }
      rpc.calm();
      settle();
      assertThat(keys)
          .allSatisfy(key -> assertThat(rig.status(key).succeeded()).as(what + " " + key).isTrue());
      assertThat(
              rig.anvil.rpc().storage(counter, Hash.ZERO, BlockTag.LATEST).toUint().intValueExact())
          .as(what)
          .isEqualTo(keys.size());
      assertThat(rig.anvil.rpc().transactionCount(rig.signer.address(), BlockTag.LATEST))
          .as(what)
          .isEqualTo(keys.size());
      sender.close();
    }

    private void event() {
      switch (random.nextInt(16)) {
        case 0, 1, 2 -> enqueue();
        case 3 -> rig.clock.advance(Duration.ofMillis(random.nextInt(5000)));
        case 4 -> restart();
        case 5, 6, 7, 8 -> outside();
        default -> step();
      }
    }

    /** What may also happen amid a step. */
    private void outside() {
      switch (random.nextInt(8)) {
        case 0, 1 ->
            rig.anvil.reorg(1 + random.nextInt(random.nextBoolean() ? 3 : MAX_DEPTH), List.of());
        case 2 -> rig.anvil.dropAllTransactions();
        case 3 -> rig.endLockedSessions();
        default -> rig.anvil.mine(1 + random.nextInt(2));
      }
    }

    /** Some requests would revert until so many of the earlier ones have done their part. */
    private void enqueue() {
      int needed = random.nextBoolean() ? 0 : random.nextInt(keys.size() + 1);
      String key = "k" + keys.size();
      keys.add(key);
      rig.outbox.enqueue(
          TxRequest.call(
              rig.anvil.chain(), "count", key, counter, Bytes.wrap(Hash.ofUint(needed).toBytes())));
    }

    /** As after a kill: the old one does not close, its session just ends. */
    private void restart() {
      rig.endLockedSessions();
      sender = sender(database.another(DatabaseRole.DEPLOY));
    }

    private TxSender sender(Database pool) {
      return rig.sender(pool, rpc, SendPolicy.BASE, AlreadyDone.NEVER, rig.clock);
    }

    private void step() {
      try {
        sender.step();
      } catch (SQLException | DataAccessException | RpcException | UnsteadyRpc.LostAnswer _) {
        // The session was ended under it or an answer was lost; the sender's thread would go on
        // with the next step, too.
      }
    }

    private void settle() {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      // A status is that of the last step: the last event may be a reorg that no step has seen yet.
      do {
        assertThat(System.nanoTime()).as(what + ": " + sender.trouble()).isLessThan(deadline);
        rig.clock.advance(Duration.ofSeconds(1));
        step();
        rig.anvil.mine(1);
      } while (!keys.stream().map(rig::status).allMatch(s -> s.state().isIncluded() || s.failed()));
    }
  }
}
