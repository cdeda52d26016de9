package network.tachi.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import network.tachi.evm.ChainId;
import network.tachi.testkit.chain.Micros;
import org.postgresql.PGConnection;

/**
 * A reader of the database as others are: it listens, and asks when it is told, or after a while
 * without a word. Notes for each block when its commit was first readable.
 */
final class HeadReader implements AutoCloseable {
  private static final int SILENCE_MILLIS = 5;

  private final Connection connection;
  private final Thread thread;
  private final Map<Long, Long> readable = new ConcurrentHashMap<>();
  private final long from;
  private volatile boolean stopped;

  /** Reads heads of a chain above one that is there already. */
  HeadReader(Connection connection, ChainId chain, long from) {
    this.connection = connection;
    this.from = from;
    this.thread = Thread.ofPlatform().name("reader-" + chain).start(() -> read(chain));
  }

  private void read(ChainId chain) {
    try (Statement listen = connection.createStatement();
        PreparedStatement head =
            connection.prepareStatement("SELECT head_number FROM chain.head WHERE chain_id = ?")) {
      listen.execute("LISTEN tachi_chain");
      head.setLong(1, chain.value());
      long last = from;
      while (!stopped) {
        connection.unwrap(PGConnection.class).getNotifications(SILENCE_MILLIS);
        try (ResultSet result = head.executeQuery()) {
          long now = result.next() ? result.getLong(1) : 0;
          long micros = Micros.now();
          for (; last < now; last++) {
            readable.put(last + 1, micros);
          }
        }
      }
    } catch (SQLException e) {
      throw new BenchException("the reader of " + chain + " failed", e);
    }
  }

  /** When each block could be read, in microseconds since 1970. */
  Map<Long, Long> readable() {
    return readable;
  }

  @Override
  public void close() throws SQLException {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    connection.close();
  }
}
