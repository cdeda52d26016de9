package network.tachi.store.feed;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import network.tachi.store.Database;
import org.postgresql.PGConnection;

/**
 * Runs a task whenever a source has committed, and once in a while without that, on a thread of its
 * own. The database's notices are a bell and no more: one may be lost with its connection, several
 * may become one, so the task looks at what is there. While no connection can be had, the task runs
 * in the same rhythm.
 *
 * <p>It keeps one connection of the pool for itself.
 */
public final class FeedBell implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(FeedBell.class.getName());

  /** How long a stop may take. */
  private static final Duration STEP = Duration.ofMillis(250);

  private final Database database;
  private final Set<String> channels = new TreeSet<>();
  private final Duration rhythm;
  private final Runnable task;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;
  private boolean failing;

  private FeedBell(
      String name,
      Database database,
      Collection<? extends FeedSource> sources,
      Duration rhythm,
      Runnable task) {
    this.database = requireNonNull(database, "database is null");
    sources.forEach(source -> channels.add(source.channel()));
    this.rhythm = requireNonNull(rhythm, "rhythm is null");
    this.task = requireNonNull(task, "task is null");
    this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
  }

  /**
   * Runs the task at once, and from then on at each ring.
   *
   * @param name of the thread
   * @param sources whose commits ring
   * @param rhythm the longest pause between two runs
   * @param task what it throws is logged, once until it succeeds again
   */
  public static FeedBell start(
      String name,
      Database database,
      Collection<? extends FeedSource> sources,
      Duration rhythm,
      Runnable task) {
    FeedBell bell = new FeedBell(name, database, sources, rhythm, task);
    bell.thread.start();
    return bell;
  }

  private void run() {
    try {
      while (stop.getCount() > 0) {
        try (Connection connection = database.dataSource().getConnection()) {
          listen(connection);
        } catch (SQLException e) {
          LOG.log(System.Logger.Level.DEBUG, "no notices of the feed: {0}", e.getMessage());
          runTask();
          stop.await(rhythm.toMillis(), TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String channel : channels) {
        statement.execute("LISTEN " + channel);
      }
      PGConnection notices = connection.unwrap(PGConnection.class);
      runTask();
      long last = System.nanoTime();
      while (stop.getCount() > 0) {
        boolean rung = notices.getNotifications((int) STEP.toMillis()).length > 0;
        if (rung || System.nanoTime() - last >= rhythm.toNanos()) {
          runTask();
          last = System.nanoTime();
        }
      }
      statement.execute("UNLISTEN *");
    }
  }

  private void runTask() {
    try {
      task.run();
      failing = false;
    } catch (RuntimeException e) {
      LOG.log(
          failing ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
          "at a notice of the feed",
          e);
      failing = true;
    }
  }

  /** Waits for the task under way; no other begins. */
  @Override
  public void close() {
    stop.countDown();
    try {
      if (Thread.currentThread() != thread && !thread.join(STEP.multipliedBy(8))) {
        thread.interrupt();
      }
    } catch (InterruptedException _) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
