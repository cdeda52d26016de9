package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.LEASE;
import static network.tachi.store.jooq.upkeep.Tables.DEFERRED_INDEX;
import static org.jooq.impl.DSL.notExists;
import static org.jooq.impl.DSL.selectOne;
import static org.jooq.impl.DSL.val;

import java.time.Duration;
import java.time.Instant;
import network.tachi.evm.ChainId;
import network.tachi.store.Database;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * The secondary indexes of the projection. They are dropped before the first sync of a long chain,
 * while the projection has not a single row, and built behind it; the store remembers what is still
 * to be built, so that whoever goes on after a crash builds it.
 *
 * <p>Confined to one thread.
 */
final class SecondaryIndexes {
  private static final System.Logger LOG = System.getLogger(SecondaryIndexes.class.getName());

  private final ChainId chain;
  private final Database database;

  /** Who is to build indexes; null if that was not asked yet. */
  private @Nullable IndexBuilder builder;

  /** Who is to build the indexes that are missing. */
  enum IndexBuilder {
    /** None is missing. */
    NOBODY,
    /** This chain's indexer, behind its first sync, or now if nobody else does. */
    THIS,
    /** The indexer of another chain, which is at work. */
    OTHER
  }

  SecondaryIndexes(ChainId chain, Database database) {
    this.chain = chain;
    this.database = database;
  }

  /**
   * Who is to build the indexes that are missing.
   *
   * @throws DataAccessException if the database fails
   */
  IndexBuilder builder() {
    IndexBuilder known = builder;
    if (known == null || known == IndexBuilder.OTHER) {
      known = ask();
      builder = known;
    }
    return known;
  }

  private IndexBuilder ask() {
    DSLContext dsl = database.dsl();
    Condition mine =
        DEFERRED_INDEX
            .CHAIN_ID
            .eq(chain.value())
            .or(
                notExists(
                    selectOne()
                        .from(LEASE)
                        .where(LEASE.CHAIN_ID.eq(DEFERRED_INDEX.CHAIN_ID))
                        .and(LEASE.EXPIRES_AT.gt(now()))));
    return dsl
        .selectDistinct(
            DSL.when(mine, IndexBuilder.THIS.name()).otherwise(IndexBuilder.OTHER.name()))
        .from(DEFERRED_INDEX)
        .where(DEFERRED_INDEX.PROJECTION.eq(database.projection().name()))
        .fetch(row -> IndexBuilder.valueOf(row.value1()))
        .stream()
        .min(IndexBuilder::compareTo)
        .orElse(IndexBuilder.NOBODY);
  }

  private static Field<Instant> now() {
    return DSL.field("clock_timestamp()", LEASE.EXPIRES_AT.getDataType());
  }

  /** Asks the store again before the next answer. */
  void reload() {
    builder = null;
  }

  /**
   * Drops the indexes if the projection has no row at all.
   *
   * @throws DataAccessException if the database fails
   */
  void defer() {
    int deferred =
        database
            .dsl()
            .fetchSingle(
                "SELECT upkeep.defer_indexes({0}, {1})",
                val(database.projection().name()), val(chain.value()))
            .get(0, int.class);
    if (deferred > 0) {
      LOG.log(
          System.Logger.Level.INFO,
          "chain {0}: {1} indexes are built when the first sync is done",
          chain,
          deferred);
    }
    builder = null;
  }

  /**
   * Builds what is missing, each index in a transaction of its own.
   *
   * @throws DataAccessException if the database fails
   */
  void build() {
    long start = System.nanoTime();
    int built = 0;
    while (buildOne()) {
      built++;
    }
    if (built > 0) {
      LOG.log(
          System.Logger.Level.INFO,
          "chain {0}: {1} indexes built in {2} s",
          chain,
          built,
          Duration.ofNanos(System.nanoTime() - start).toSeconds());
    }
    builder = null;
  }

  private boolean buildOne() {
    return database
        .dsl()
        .fetchSingle("SELECT upkeep.build_deferred_index({0})", val(database.projection().name()))
        .get(0, boolean.class);
  }
}
