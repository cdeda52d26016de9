package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.BLOCK;
import static network.tachi.store.jooq.chain.Tables.CHECKPOINT;
import static network.tachi.store.jooq.chain.Tables.PROJECTION_FILL;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import network.tachi.evm.ChainId;
import network.tachi.store.Database;
import network.tachi.store.ProjectionSchema;
import network.tachi.store.feed.Feed;
import network.tachi.store.feed.FeedBatch;
import network.tachi.store.feed.FeedCursor;
import network.tachi.store.feed.FeedEntry;
import network.tachi.store.feed.FeedException;
import network.tachi.store.feed.FeedKind;
import network.tachi.store.feed.FeedSource;
import network.tachi.store.jooq.chain.tables.records.ProjectionFillRecord;
import org.jooq.DSLContext;

/**
 * Fills one chain's part of a projection that commits do not write yet, from the stored logs, and
 * keeps it near the head. Where it is stands in the store with the rows, so that it goes on after a
 * death; forks below that are taken from the feed.
 */
final class ProjectionFill {
  private static final int BLOCKS = 1_000;
  private static final int FEED_ROWS = 10_000;

  private final Database database;
  private final ChainId chain;
  private final ProjectionSchema schema;
  private final StoredBlocks stored;
  private final ProjectionWriter writer;
  private final Feed feed;

  ProjectionFill(
      Database database, ChainId chain, FollowedContracts contracts, ProjectionSchema schema) {
    this.database = database;
    this.chain = chain;
    this.schema = schema;
    this.stored = new StoredBlocks(chain, new LogDecoder(chain, contracts, () -> {}));
    this.writer = new ProjectionWriter(chain);
    this.feed = new Feed(Set.of(FeedSource.of(chain)));
  }

  /**
   * How far a projection is filled.
   *
   * @param number the highest block whose logs are in it
   * @param head the highest indexed block
   */
  record Reached(ChainId chain, long number, long head) {
    boolean isLevel() {
      return number == head;
    }
  }

  /** One transaction nearer to the head. */
  Reached step() {
    return database.transaction(tx -> {
      tx.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      return step(tx);
    });
  }

  /** The same in a transaction that sees one snapshot, or that keeps the writer away. */
  Reached step(DSLContext tx) {
    Optional<Long> head =
        tx.select(CHECKPOINT.HEAD_NUMBER)
            .from(CHECKPOINT)
            .where(CHECKPOINT.CHAIN_ID.eq(chain.value()))
            .fetchOptional(CHECKPOINT.HEAD_NUMBER);
    if (head.isEmpty()) {
      return new Reached(chain, 0, 0);
    }
    ProjectionFillRecord at = takeBackForks(tx, load(tx));
    long to = endOfPart(tx, at.getNumber()).orElse(head.get());
    writer.write(schema.on(tx), read(tx, at.getNumber() + 1, to));
    at.setNumber(to);
    save(tx, at);
    return new Reached(chain, at.getNumber(), head.get());
  }

  /** The last of the next blocks that were kept; empty if they end before a part is full. */
  private OptionalLong endOfPart(DSLContext tx, long after) {
    return tx
        .select(BLOCK.NUMBER)
        .from(BLOCK)
        .where(BLOCK.CHAIN_ID.eq(chain.value()))
        .and(BLOCK.NUMBER.gt(after))
        .orderBy(BLOCK.NUMBER)
        .offset(BLOCKS)
        .limit(1)
        .fetch(BLOCK.NUMBER)
        .stream()
        .mapToLong(number -> number)
        .findFirst();
  }

  private List<VerifiedBlock> read(DSLContext tx, long from, long to) {
    List<VerifiedBlock> blocks = new ArrayList<>();
    try {
      stored.read(tx, from, to, blocks::add);
    } catch (InterruptedException _) {
      throw new StoppedException();
    }
    return blocks;
  }

  private ProjectionFillRecord load(DSLContext tx) {
    return tx.fetchOptional(
            PROJECTION_FILL,
            PROJECTION_FILL.PROJECTION.eq(schema.name()),
            PROJECTION_FILL.CHAIN_ID.eq(chain.value()))
        .orElseGet(() -> begin(tx));
  }

  /** Begins with nothing: what an earlier try or an earlier form has left is removed. */
  private ProjectionFillRecord begin(DSLContext tx) {
    writer.unwind(schema.on(tx), -1);
    History.markDerived(schema.on(tx), chain);
    return new ProjectionFillRecord(schema.name(), chain.value(), -1L, feed.now(tx).toString());
  }

  private ProjectionFillRecord takeBackForks(DSLContext tx, ProjectionFillRecord at) {
    FeedCursor cursor = FeedCursor.parse(at.getCursor());
    boolean more = true;
    while (more) {
      FeedBatch batch;
      try {
        batch = feed.after(tx, cursor, FEED_ROWS);
      } catch (FeedException _) {
        return begin(tx);
      }
      for (FeedEntry entry : batch.entries()) {
        if (entry.kind() == FeedKind.FORK && entry.first() <= at.getNumber()) {
          writer.unwind(schema.on(tx), entry.first() - 1);
          at.setNumber(entry.first() - 1);
        }
      }
      cursor = batch.cursor();
      more = batch.more();
    }
    at.setCursor(cursor.toString());
    return at;
  }

  private static void save(DSLContext tx, ProjectionFillRecord at) {
    tx.insertInto(PROJECTION_FILL)
        .set(PROJECTION_FILL.PROJECTION, at.getProjection())
        .set(PROJECTION_FILL.CHAIN_ID, at.getChainId())
        .set(PROJECTION_FILL.NUMBER, at.getNumber())
        .set(PROJECTION_FILL.CURSOR, at.getCursor())
        .onConflict(PROJECTION_FILL.PROJECTION, PROJECTION_FILL.CHAIN_ID)
        .doUpdate()
        .set(PROJECTION_FILL.NUMBER, at.getNumber())
        .set(PROJECTION_FILL.CURSOR, at.getCursor())
        .execute();
  }
}
