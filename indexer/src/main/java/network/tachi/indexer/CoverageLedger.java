package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.BLOCK;
import static network.tachi.store.jooq.chain.Tables.COVERAGE_SEGMENT;
import static network.tachi.store.jooq.chain.Tables.FOLLOWED_CONTRACT;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import network.tachi.evm.ChainId;
import network.tachi.indexer.CoverageSegment.Kind;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.impl.DSL;

/**
 * How each block below the finalized one was looked at, kept when the block's own row goes. From
 * the finalized block on the rows of the blocks say it, and no rollback reaches below.
 */
final class CoverageLedger {
  private final ChainId chain;

  CoverageLedger(ChainId chain) {
    this.chain = chain;
  }

  /**
   * Takes over the blocks that a change puts below the finalized one. The rows of its blocks must
   * be written, and those that go must still be there.
   *
   * @return how many blocks between the ledger's end and these are in neither
   */
  long settle(DSLContext tx, Change change) {
    long to = change.finality().finalized().number() - 1;
    Optional<CoverageSegment> last = last(tx);
    long from = last.map(CoverageSegment::next).orElse(0L);
    if (to < from) {
      return 0;
    }
    NavigableMap<Long, Kind> settled = new TreeMap<>();
    long firstNew =
        change.blocks().isEmpty() ? Long.MAX_VALUE : change.blocks().getFirst().point().number();
    if (from < firstNew) {
      settled.putAll(kept(tx, from, Math.min(to, firstNew - 1)));
    }
    for (VerifiedBlock block : change.blocks()) {
      long number = block.point().number();
      if (number >= from && number <= to) {
        settled.put(number, Kind.of(block.verifiedBy().column()));
      }
    }
    return append(tx, last, settled);
  }

  private Optional<CoverageSegment> last(DSLContext tx) {
    return tx.selectFrom(COVERAGE_SEGMENT)
        .where(COVERAGE_SEGMENT.CHAIN_ID.eq(chain.value()))
        .orderBy(COVERAGE_SEGMENT.FIRST_BLOCK.desc())
        .limit(1)
        .fetchOptional()
        .map(CoverageSegment::of);
  }

  private NavigableMap<Long, Kind> kept(DSLContext tx, long from, long to) {
    NavigableMap<Long, Kind> kinds = new TreeMap<>();
    tx.select(BLOCK.NUMBER, BLOCK.VERIFICATION)
        .from(BLOCK)
        .where(BLOCK.CHAIN_ID.eq(chain.value()))
        .and(BLOCK.NUMBER.between(from, to))
        .forEach(row -> kinds.put(row.value1(), Kind.of(row.value2())));
    return kinds;
  }

  private long append(
      DSLContext tx, Optional<CoverageSegment> last, NavigableMap<Long, Kind> settled) {
    long skipped = 0;
    List<CoverageSegment> changed = new ArrayList<>();
    last.ifPresent(changed::add);
    for (Map.Entry<Long, Kind> block : settled.entrySet()) {
      long number = block.getKey();
      if (changed.isEmpty()) {
        changed.add(new CoverageSegment(number));
      } else if (!changed.getLast().takes(number)) {
        skipped += number - changed.getLast().next();
        changed.add(new CoverageSegment(number));
      }
      changed.getLast().add(block.getValue());
    }
    write(tx, changed);
    return skipped;
  }

  private void write(DSLContext tx, List<CoverageSegment> segments) {
    List<Query> queries =
        segments.stream()
            .<Query>map(segment ->
                tx.insertInto(COVERAGE_SEGMENT)
                    .set(segment.row(chain))
                    .onConflict(COVERAGE_SEGMENT.CHAIN_ID, COVERAGE_SEGMENT.FIRST_BLOCK)
                    .doUpdate()
                    .setAllToExcluded())
            .toList();
    tx.batch(queries).execute();
  }

  /**
   * Says of a chain that an older version indexed what is known: that every block was scanned from
   * where its contracts were followed, and how only where the block is still there.
   */
  void derive(DSLContext tx, long finalized) {
    if (last(tx).isPresent()) {
      return;
    }
    OptionalLong start = firstScanned(tx, finalized);
    List<CoverageSegment> segments = new ArrayList<>();
    for (long from = start.orElse(finalized); from < finalized; ) {
      long end = Math.min(finalized, (from / CoverageSegment.SIZE + 1) * CoverageSegment.SIZE);
      NavigableMap<Long, Kind> kept = kept(tx, from, end - 1);
      CoverageSegment segment = new CoverageSegment(from);
      for (long number = from; number < end; number++) {
        segment.add(kept.getOrDefault(number, Kind.UNKNOWN));
      }
      segments.add(segment);
      from = end;
    }
    write(tx, segments);
  }

  /** How many blocks of a range nobody looked at. */
  long gaps(DSLContext tx, long from, long to) {
    return tx.fetchSingle(
            "SELECT gaps FROM chain.coverage_of({0}, {1}, {2})",
            DSL.val(chain.value()), DSL.val(from), DSL.val(to))
        .get(0, Long.class);
  }

  private OptionalLong firstScanned(DSLContext tx, long finalized) {
    Long followed =
        tx.select(DSL.min(FOLLOWED_CONTRACT.START_BLOCK))
            .from(FOLLOWED_CONTRACT)
            .where(FOLLOWED_CONTRACT.CHAIN_ID.eq(chain.value()))
            .fetchOne(0, Long.class);
    Long lowest =
        tx.select(DSL.min(BLOCK.NUMBER))
            .from(BLOCK)
            .where(BLOCK.CHAIN_ID.eq(chain.value()))
            .and(BLOCK.NUMBER.lt(finalized))
            .fetchOne(0, Long.class);
    if (followed == null) {
      return lowest == null ? OptionalLong.empty() : OptionalLong.of(lowest);
    }
    return OptionalLong.of(followed);
  }
}
