package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.BLOCK;
import static network.tachi.store.jooq.chain.Tables.BLOCK_LOGS;
import static network.tachi.store.jooq.chain.Tables.CHECKPOINT;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import network.tachi.evm.ChainId;
import network.tachi.indexer.ProjectionFill.Reached;
import network.tachi.indexer.Projections.Form;
import network.tachi.store.Database;
import network.tachi.store.ProjectionSchema;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/**
 * Lets readers see another form of what is made of the chains' logs, without a moment in which they
 * see none or half of one. The new form is filled from the stored logs beside the old one; the
 * indexer goes on meanwhile and writes both from the moment the new one is level. What readers see
 * is changed in one transaction, and the old form stays level, so that the way back is as short.
 */
public final class ProjectionDeploy {
  private static final System.Logger LOG = System.getLogger(ProjectionDeploy.class.getName());

  /** Below the server's deadlock time-out: a reader never loses to the change. */
  private static final Duration READERS = Duration.ofMillis(500);

  /** Below the time that commits wait for locks. */
  private static final Duration WRITER_LOCK = Duration.ofMillis(300);

  /** What {@code upkeep} says of a projection that is not level. */
  private static final String NOT_READY = "55000";

  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int LEVEL_ENOUGH = 100;

  private final Database database;

  /** How far each chain's part is; of no use for anything but to be shown. */
  private final Map<ChainId, Progress> filled = new ConcurrentHashMap<>();

  /**
   * What is done to a database.
   *
   * @param database of the role {@code INDEXER}
   */
  public ProjectionDeploy(Database database) {
    this.database = database;
  }

  /** The form that readers see. */
  public ProjectionSchema live() {
    return find(Form::live).orElseThrow(() -> new ProjectionException("there is no projection"));
  }

  private Optional<ProjectionSchema> find(Predicate<Form> condition) {
    return Projections.all(database.dsl()).stream().filter(condition).map(Form::schema).findFirst();
  }

  /**
   * Fills the form after the one that readers see, until it is level with the chains and commits
   * write it too. Begun before, it goes on where it was. Readers see no change.
   *
   * @return the new form
   * @throws ProjectionException if this version cannot write it, or logs it needs were not kept
   */
  public ProjectionSchema prepare() {
    ProjectionSchema target = live().next();
    if (find(form -> form.schema().equals(target) && form.written()).isPresent()) {
      return target;
    }
    database.dsl().execute("SELECT upkeep.create_projection(?::name)", target.name());
    String why = Projections.why(database.dsl(), target);
    if (!why.isEmpty()) {
      throw new ProjectionException("this version cannot write " + target + ": " + why);
    }
    requireLogs();
    List<ProjectionFill> fills = fills(target);
    long begun = System.nanoTime();
    while (lag(fills, begun) > LEVEL_ENOUGH) {
      LOG.log(System.Logger.Level.DEBUG, "{0} is not level yet", target);
    }
    retried(
        "the indexer's commits leave no room to bring " + target + " level",
        WRITER_LOCK,
        tx -> {
          // Commits begin by locking their checkpoint, with or without a row.
          tx.execute("LOCK TABLE chain.checkpoint IN EXCLUSIVE MODE");
          for (ProjectionFill fill : fills) {
            Reached reached;
            do {
              reached = fill.step(tx);
            } while (!reached.isLevel());
          }
          tx.execute("SELECT upkeep.write_projection(?::name)", target.name());
        });
    return target;
  }

  private long lag(List<ProjectionFill> fills, long begun) {
    long lag = 0;
    for (ProjectionFill fill : fills) {
      Reached reached = fill.step();
      Duration elapsed = Duration.ofNanos(System.nanoTime() - begun);
      filled.put(
          reached.chain(),
          new Progress(
              "chain " + reached.chain(), 0, reached.number(), reached.head(), 0, elapsed));
      lag = Math.max(lag, reached.head() - reached.number());
    }
    return lag;
  }

  /** How far each chain is that is being filled; for any thread. */
  public List<Progress> progress() {
    return List.copyOf(filled.values());
  }

  private List<ProjectionFill> fills(ProjectionSchema target) {
    DSLContext dsl = database.dsl();
    return dsl.select(CHECKPOINT.CHAIN_ID).from(CHECKPOINT).fetch(CHECKPOINT.CHAIN_ID).stream()
        .map(ChainId::of)
        .map(chain ->
            new ProjectionFill(
                database,
                chain,
                FollowedContractRows.stored(dsl, chain)
                    .orElseThrow(() ->
                        new ProjectionException(
                            "it is not known which contracts chain " + chain + " follows")),
                target))
        .toList();
  }

  private void requireLogs() {
    int missing =
        database
            .dsl()
            .fetchCount(
                database
                    .dsl()
                    .select(BLOCK.NUMBER)
                    .from(BLOCK)
                    .leftAntiJoin(BLOCK_LOGS)
                    .on(BLOCK_LOGS.CHAIN_ID.eq(BLOCK.CHAIN_ID))
                    .and(BLOCK_LOGS.NUMBER.eq(BLOCK.NUMBER))
                    .where(BLOCK.LOG_COUNT.gt(0)));
    if (missing > 0) {
      throw new ProjectionException(
          missing
              + " blocks with events were indexed before their logs were kept: index into a fresh"
              + " database");
    }
  }

  /**
   * Lets readers see a form that commits write. It waits for readers whose snapshot is older than
   * the form; readers that begin meanwhile wait for it, not longer than half a second at a time.
   *
   * @throws ProjectionException if commits do not write it, or readers leave no room for a minute
   */
  public void show(ProjectionSchema target) {
    retried(
        "readers left no room to show " + target,
        READERS,
        tx -> tx.execute("SELECT upkeep.show_projection(?::name)", target.name()));
    LOG.log(System.Logger.Level.INFO, "readers see {0}", target);
  }

  /**
   * Goes back to the form that readers saw before.
   *
   * @return that form
   * @throws ProjectionException if none is kept level
   */
  public ProjectionSchema rollBack() {
    ProjectionSchema before =
        find(form -> form.written() && !form.live())
            .orElseThrow(() ->
                new ProjectionException(
                    "no other projection is level with the chain: deploy one first"));
    show(before);
    return before;
  }

  /**
   * Removes every form that readers do not see; there is no way back to them then.
   *
   * @return those forms
   */
  public List<ProjectionSchema> dropOthers() {
    List<ProjectionSchema> others =
        Projections.all(database.dsl()).stream()
            .filter(form -> !form.live())
            .map(Form::schema)
            .toList();
    for (ProjectionSchema other : others) {
      database.dsl().execute("SELECT upkeep.leave_projection(?::name)", other.name());
      retried(
          "commits left no room to drop " + other,
          WRITER_LOCK,
          tx -> tx.execute("SELECT upkeep.drop_projection(?::name)", other.name()));
    }
    return others;
  }

  /** Does something in a transaction that may have to give way to others. */
  private void retried(String failure, Duration lockTimeout, Consumer<DSLContext> work) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        database.run(tx -> {
          WriterSessions.waitForLocks(tx, lockTimeout);
          work.accept(tx);
        });
        return;
      } catch (DataAccessException e) {
        if (e.sqlState().equals(NOT_READY)) {
          throw new ProjectionException(message(e));
        }
        if (!isMomentary(e)) {
          throw e;
        }
        if (System.nanoTime() > deadline) {
          throw new ProjectionException(failure + ": " + message(e));
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  /** Another holds a lock, deadlock, or an old snapshot is in use. */
  private static boolean isMomentary(DataAccessException e) {
    return switch (e.sqlState()) {
      case "55P03", "40P01", "55006" -> true;
      default -> false;
    };
  }

  private static String message(DataAccessException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
  }
}
