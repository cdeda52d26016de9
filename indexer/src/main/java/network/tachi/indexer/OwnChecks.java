package network.tachi.indexer;

import static network.tachi.store.jooq.projection.Tables.BLOCK_DIGEST;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;
import network.tachi.indexer.ChainAudit.Difference;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** What a store can say of itself without a node, within one snapshot of it. */
final class OwnChecks {
  private static final String NONE = "none";

  /** Columns of the state, and the same as the functions of the versions give them. */
  private static final Map<String, String> SAME =
      Map.of(
          "license_current", "licenses_at",
          "domain_current", "domains_at",
          "dispute_current", "disputes_at",
          "header_current", "epochs_at");

  private final DSLContext tx;
  private final ChainId chain;
  private final Consumer<Difference> differences;

  OwnChecks(DSLContext tx, ChainId chain, Consumer<Difference> differences) {
    this.tx = tx;
    this.chain = chain;
    this.differences = differences;
  }

  /**
   * Makes the digests of a range anew from the rows. Each is compared with the one stored, from
   * which it goes on: so it is the block of the wrong row that is named, and not all above it.
   */
  void digests(long from, long to) {
    StateDigest[] before = {new BlockDigests(chain).at(tx, from - 1)};
    Map<Long, Hash> stored =
        new TreeMap<>(
            tx.select(BLOCK_DIGEST.NUMBER, BLOCK_DIGEST.DIGEST)
                .from(BLOCK_DIGEST)
                .where(BLOCK_DIGEST.CHAIN_ID.eq(chain.value()))
                .and(BLOCK_DIGEST.NUMBER.between(from, to))
                .fetchMap(BLOCK_DIGEST.NUMBER, BLOCK_DIGEST.DIGEST));
    new StoredEvents(tx, chain)
        .visitPages(
            from, to, page -> page.forEach(block -> before[0] = check(before[0], block, stored)));
    stored.forEach((number, digest) -> digest(number, NONE, digest.toString()));
  }

  private StateDigest check(
      StateDigest before, StoredEvents.StoredBlock block, Map<Long, Hash> stored) {
    if (block.rows().isEmpty()) {
      return before;
    }
    long number = block.point().number();
    Hash made = before.next(block.point().id(), block.rows());
    @Nullable Hash found = stored.remove(number);
    if (found == null || !made.equals(found)) {
      digest(number, made.toString(), found == null ? NONE : found.toString());
    }
    return found == null ? before : StateDigest.after(number, found);
  }

  private void digest(long number, String made, String found) {
    differences.accept(new Difference("block_digest", number, -1, "digest", made, found));
  }

  /** Names the blocks of a range that nobody looked at. */
  void coverage(long from, long to) {
    Record row =
        tx.fetchSingle(
            "SELECT gaps, gap_ranges::text FROM chain.coverage_of(?, ?, ?)",
            chain.value(),
            from,
            to);
    if (row.get(0, Long.class) > 0) {
      differences.accept(
          new Difference("coverage", from, -1, "", "no gap", "gaps " + row.get(1, String.class)));
    }
  }

  /** The newest versions must say what the event rows say. */
  void versions(long head) {
    SAME.forEach((view, function) -> {
      List<String> columns =
          tx.fetch(
                  "SELECT column_name FROM information_schema.columns WHERE table_schema = 'chain'"
                      + " AND table_name = ? ORDER BY ordinal_position",
                  view)
              .getValues(0, String.class);
      String list = String.join(", ", columns);
      String ofRows = "SELECT %s FROM chain.%s WHERE chain_id = %s".formatted(list, view, chain);
      String ofVersions = "SELECT %s FROM chain.%s(%s, %d)".formatted(list, function, chain, head);
      tx.fetch(ofRows + " EXCEPT " + ofVersions)
          .forEach(row -> version(function, head, row.intoMap().toString(), NONE));
      tx.fetch(ofVersions + " EXCEPT " + ofRows)
          .forEach(row -> version(function, head, NONE, row.intoMap().toString()));
    });
  }

  private void version(String function, long head, String expected, String found) {
    differences.accept(new Difference(function, head, -1, "", expected, found));
  }
}
