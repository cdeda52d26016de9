package network.tachi.queryapi;

import static java.util.Objects.requireNonNull;
import static network.tachi.store.jooq.chain.Tables.HEAD;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import network.tachi.evm.ChainId;
import network.tachi.server.ApiException;
import network.tachi.server.Readiness;
import network.tachi.store.Database;
import network.tachi.store.feed.FeedBell;
import network.tachi.store.feed.FeedSource;
import org.jspecify.annotations.Nullable;

/**
 * Looks at each commit of the indexer, and every second without one, whether the database answers
 * and holds something of every chain.
 */
final class Pulse implements AutoCloseable {
  private static final Duration RHYTHM = Duration.ofSeconds(1);

  private final Database database;
  private final Snapshots snapshots;
  private final Heads heads;
  private @Nullable FeedBell bell;
  private volatile Readiness.State state = Readiness.State.notReady("starting", "not started yet");

  Pulse(Database database, Snapshots snapshots, Heads heads) {
    this.database = requireNonNull(database, "database is null");
    this.snapshots = requireNonNull(snapshots, "snapshots is null");
    this.heads = requireNonNull(heads, "heads is null");
  }

  /** What the last look said. */
  Readiness readiness() {
    return Readiness.create().check("database", () -> state);
  }

  void start() {
    look();
    bell =
        FeedBell.start(
            "query-api-pulse",
            database,
            heads.chains().stream().map(FeedSource::of).toList(),
            RHYTHM,
            this::look);
  }

  private void look() {
    try {
      Set<ChainId> missing = new TreeSet<>(heads.chains());
      snapshots.read(tx -> tx.select(HEAD.CHAIN_ID).from(HEAD).fetch(HEAD.CHAIN_ID)).stream()
          .map(ChainId::of)
          .forEach(missing::remove);
      state =
          missing.isEmpty()
              ? Readiness.State.ready()
              : Readiness.State.notReady("chain_not_indexed", "nothing is indexed of " + missing);
    } catch (ApiException e) {
      state = Readiness.State.notReady("database_unreachable", e.error().detail());
    } catch (RuntimeException e) {
      System.getLogger(Pulse.class.getName())
          .log(System.Logger.Level.WARNING, "the database refuses to be read", e);
      state = Readiness.State.notReady("database_refuses", "the database refuses to be read");
    }
  }

  @Override
  public void close() {
    if (bell != null) {
      bell.close();
    }
  }
}
