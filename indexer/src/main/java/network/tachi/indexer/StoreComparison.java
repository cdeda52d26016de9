package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.CHECKPOINT;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.indexer.ChainAudit.Difference;
import network.tachi.store.Database;
import network.tachi.store.ProjectionSchema;
import org.jooq.DSLContext;
import org.jooq.TableRecord;

/**
 * Compares two stores of one chain by their digests. A digest that differs differs in every block
 * above, so the first block in which the stores differ is found by halving.
 */
public final class StoreComparison {
  private final ChainId chain;
  private final Database one;
  private final Database other;

  /**
   * Creates a comparison.
   *
   * @param chain the chain
   * @param one a store, as the role that writes it; nothing is written
   * @param other another
   */
  public StoreComparison(ChainId chain, Database one, Database other) {
    this.chain = chain;
    this.one = one;
    this.other = other;
  }

  /**
   * What a comparison found.
   *
   * @param to the last block compared: the lower head of the two
   * @param digest the state digest there, as the first store has it
   * @param firstDifferent the first block in which the stores differ, if they do
   * @param differences how the rows of that block differ: expected is what the first store has;
   *     empty though the block differs if it is another block, or if a digest is not that of its
   *     rows
   */
  public record Result(
      long to, Hash digest, Optional<Long> firstDifferent, List<Difference> differences) {
    /** Copies the list. */
    public Result {
      differences = List.copyOf(differences);
    }
  }

  /**
   * Compares all that both hold.
   *
   * @throws org.jooq.exception.DataAccessException if a database fails
   */
  public Result compare() {
    return one.snapshot(
        a -> other.snapshot(b -> compare(ProjectionSchema.onLive(a), ProjectionSchema.onLive(b))));
  }

  private Result compare(DSLContext a, DSLContext b) {
    BlockDigests digests = new BlockDigests(chain);
    long to = Math.min(head(a), head(b));
    Hash digest = digests.at(a, to).current();
    if (digest.equals(digests.at(b, to).current())) {
      return new Result(to, digest, Optional.empty(), List.of());
    }
    long low = 0;
    long high = to;
    while (low < high) {
      long middle = low + (high - low) / 2;
      if (digests.at(a, middle).current().equals(digests.at(b, middle).current())) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return new Result(
        to, digest, Optional.of(low), RowDifferences.between(rows(a, low), rows(b, low)));
  }

  private long head(DSLContext tx) {
    return tx.fetchOptional(CHECKPOINT, CHECKPOINT.CHAIN_ID.eq(chain.value()))
        .map(row -> row.getHeadNumber())
        .orElse(-1L);
  }

  private Map<EventKey, TableRecord<?>> rows(DSLContext tx, long block) {
    return new StoredEvents(tx, chain).rows(block, block);
  }
}
