package network.tachi.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import network.tachi.evm.ChainId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How long nobody writes when the leader is killed. */
@Command(
    name = "indexer-takeover",
    header = "Kills the leader of two indexers: how long until the standby commits on both chains.",
    mixinStandardHelpOptions = true)
final class TakeoverBench implements Callable<Integer> {
  private static final int BEFORE = 100;
  private static final int BLOCK_MILLIS = 200;
  private static final long LOOK_NANOS = 2_000_000;
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(names = "--times", description = "How often (${DEFAULT-VALUE}).")
  private int times = 5;

  @Override
  public Integer call() throws SQLException {
    Output out = new Output(spec.commandLine().getOut());
    List<String> nodeOptions =
        List.of(
            "--blocks",
            Integer.toString(BEFORE),
            "--anchor-blocks",
            Integer.toString(BEFORE),
            "--anchor-busy",
            "--transactions",
            "1",
            "--logs",
            "2");
    List<Double> millis = new ArrayList<>();
    try (LiveRun run = LiveRun.start("takeover", nodeOptions, List.of("-Xmx256m"));
        Connection connection = run.connect()) {
      Tachi leader = run.indexer();
      run.awaitHeads(connection);
      String play = "[" + BLOCK_MILLIS + "," + Integer.MAX_VALUE + "]";
      run.node().settlementRpc().request("replay_play", play);
      run.node().anchorRpc().request("replay_play", play);
      for (int i = 0; i < times; i++) {
        Set<String> holders = holders(connection);
        Tachi standby = run.indexer();
        standby.awaitRunning();
        pause(WARM_UP);
        if (!holders(connection).equals(holders)) {
          throw new BenchException("the leader lost a lease by itself: the machine is too busy");
        }
        List<Epoch> before = epochs(connection);
        long killed = System.nanoTime();
        leader.child().kill();
        for (Epoch old : before) {
          millis.add((awaitCommit(connection, old) - killed) / 1e6);
        }
        leader = standby;
      }
    }
    out.line("leader killed to standby's commit: " + new Percentiles(millis));
    return 0;
  }

  /** A chain and the lease epoch of its last commit. */
  private record Epoch(ChainId chain, long epoch) {}

  private static List<Epoch> epochs(Connection connection) {
    return List.of(Tachi.settlementChain(), Tachi.anchorChain()).stream()
        .map(chain -> new Epoch(chain, epoch(connection, chain)))
        .toList();
  }

  private static long epoch(Connection connection, ChainId chain) {
    return Sql.number(
        connection, "SELECT lease_epoch FROM chain.checkpoint WHERE chain_id = " + chain);
  }

  private static Set<String> holders(Connection connection) {
    return Sql.rows(connection, "SELECT chain_id || ' ' || holder FROM chain.lease").stream()
        .map(List::getFirst)
        .collect(Collectors.toSet());
  }

  private static long awaitCommit(Connection connection, Epoch old) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (epoch(connection, old.chain()) == old.epoch()) {
      if (System.nanoTime() > end) {
        throw new BenchException("no commit on chain " + old.chain() + " within 60 s");
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return System.nanoTime();
  }

  private static void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
