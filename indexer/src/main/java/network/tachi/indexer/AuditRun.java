package network.tachi.indexer;

import static java.util.stream.Collectors.toList;
import static network.tachi.store.jooq.chain.Tables.BLOCK;
import static network.tachi.store.jooq.chain.Tables.BLOCK_LOGS;
import static network.tachi.store.jooq.chain.Tables.CHECKPOINT;
import static network.tachi.store.jooq.projection.Tables.LICENSE_TOTAL;
import static network.tachi.store.jooq.projection.Tables.PAYMENT_MADE;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.sum;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.Log;
import network.tachi.indexer.ChainAudit.Difference;
import network.tachi.indexer.ChainAudit.Report;
import network.tachi.store.jooq.chain.tables.records.BlockRecord;
import network.tachi.store.jooq.chain.tables.records.CheckpointRecord;
import org.jooq.DSLContext;
import org.jooq.TableRecord;

/** One comparison of an audit, within one snapshot of the store. */
final class AuditRun {
  private static final int BLOCKS_PER_REQUEST = 200;
  private static final int MAX_DIFFERENCES = 1_000;

  private final ChainAudit audit;
  private final DSLContext tx;
  private final long chainId;
  private final List<Difference> differences = new ArrayList<>();

  AuditRun(ChainAudit audit, DSLContext tx) {
    this.audit = audit;
    this.tx = tx;
    this.chainId = audit.chain().id().value();
  }

  /** Of a store that does not know the chain. */
  Report nothing() {
    add(new Difference("checkpoint", 0, -1, "", "a row", "none"));
    return new Report(audit.chain().startBlock(), -1, 0, differences);
  }

  /** Of all blocks, the checkpoint, and that nothing is above it. */
  Report whole(CheckpointRecord stored) {
    compareId("head", stored.getHeadNumber(), stored.getHeadHash());
    compareId("safe", stored.getSafeNumber(), stored.getSafeHash());
    compareId("finalized", stored.getFinalizedNumber(), stored.getFinalizedHash());
    stored(stored.getHeadNumber() + 1, Long.MAX_VALUE)
        .forEach((key, row) ->
            add(key.difference("", "no row above the head", row.intoMap().toString())));
    storedLogs(stored.getHeadNumber() + 1, Long.MAX_VALUE)
        .keySet()
        .forEach(number ->
            add(new Difference("block_logs", number, -1, "", "no row above the head", "logs")));
    compareTotals();
    return range(audit.chain().startBlock(), stored.getHeadNumber());
  }

  /** Of the blocks of a range. */
  Report range(long from, long to) {
    long events = 0;
    for (long start = from; start <= to && differences.size() < MAX_DIFFERENCES; ) {
      long end = Math.min(to, start + BLOCKS_PER_REQUEST - 1);
      List<CheckedHeader> headers = audit.reader().headers(start, end);
      List<Log> logs = audit.logs(headers);
      Map<EventKey, TableRecord<?>> expected = audit.expected(headers, logs);
      events += expected.size();
      compareBlocks(headers, expected);
      compareLogs(start, end, logs, expected);
      RowDifferences.between(expected, stored(start, end)).forEach(this::add);
      audit.compared(end);
      start = end + 1;
    }
    return new Report(from, to, events, differences);
  }

  /** Of the blocks of a range, and of what the store says of itself. */
  Report verify(long from, long to) {
    Report report = range(from, to);
    OwnChecks own = new OwnChecks(tx, audit.chain().id(), this::add);
    compareTotals();
    own.digests(from, to);
    own.coverage(from, to);
    tx.fetchOptional(CHECKPOINT, CHECKPOINT.CHAIN_ID.eq(chainId))
        .ifPresent(row -> own.versions(row.getHeadNumber()));
    return new Report(from, to, report.events(), differences);
  }

  private void add(Difference difference) {
    if (differences.size() < MAX_DIFFERENCES) {
      differences.add(difference);
    }
  }

  private void compareId(String name, long number, Hash hash) {
    String found =
        audit.reader().header(number).map(header -> header.id().hash().toString()).orElse("none");
    if (!found.equals(hash.toString())) {
      add(new Difference("checkpoint", number, -1, name, found, hash.toString()));
    }
  }

  private Map<EventKey, TableRecord<?>> stored(long from, long to) {
    return new StoredEvents(tx, audit.chain().id()).rows(from, to);
  }

  private Map<Long, BlockLogs> storedLogs(long from, long to) {
    Map<Long, BlockLogs> logs = new TreeMap<>();
    tx.selectFrom(BLOCK_LOGS)
        .where(BLOCK_LOGS.CHAIN_ID.eq(chainId))
        .and(BLOCK_LOGS.NUMBER.between(from, to))
        .forEach(row -> {
          BlockId block = new BlockId(row.getNumber(), row.getBlockHash());
          logs.put(row.getNumber(), BlockLogs.decode(block, row.getLogs()));
        });
    return logs;
  }

  /**
   * A block with events must have its logs, and whatever logs are there must be all of the block.
   */
  private void compareLogs(
      long from, long to, List<Log> logs, Map<EventKey, TableRecord<?>> events) {
    Map<Long, List<Log>> expected =
        logs.stream().collect(Collectors.groupingBy(Log::blockNumber, TreeMap::new, toList()));
    Map<Long, BlockLogs> stored = storedLogs(from, to);
    stored.forEach((number, found) -> {
      if (!found.logs().equals(expected.getOrDefault(number, List.of()))) {
        String right = String.valueOf(expected.get(number));
        add(new Difference("block_logs", number, -1, "logs", right, found.logs().toString()));
      }
    });
    events.keySet().stream()
        .map(EventKey::block)
        .distinct()
        .filter(number -> !stored.containsKey(number))
        .forEach(number -> add(new Difference("block_logs", number, -1, "", "logs", "no row")));
  }

  /** What is kept of each licence must be the sum of its payments. */
  private void compareTotals() {
    Map<Long, String> kept =
        tx.selectFrom(LICENSE_TOTAL)
            .where(LICENSE_TOTAL.CHAIN_ID.eq(chainId))
            .fetchMap(
                LICENSE_TOTAL.LICENSE_ID,
                row -> total(row.getAmount(), row.getPayments(), row.getBlockNumber()));
    Map<Long, String> summed =
        tx.select(
                PAYMENT_MADE.LICENSE_ID,
                sum(PAYMENT_MADE.AMOUNT.coerce(BigInteger.class)),
                count(),
                max(PAYMENT_MADE.BLOCK_NUMBER))
            .from(PAYMENT_MADE)
            .where(PAYMENT_MADE.CHAIN_ID.eq(chainId))
            .groupBy(PAYMENT_MADE.LICENSE_ID)
            .fetchMap(
                PAYMENT_MADE.LICENSE_ID,
                row -> total(row.value2().toBigInteger(), row.value3(), row.value4()));
    if (!kept.equals(summed)) {
      add(new Difference("license_total", 0, -1, "", summed.toString(), kept.toString()));
    }
  }

  private static String total(BigInteger amount, long payments, long block) {
    return "%d in %d up to block %d".formatted(amount, payments, block);
  }

  /**
   * Every block row must be the chain's, and a block with events must have one with their number.
   */
  private void compareBlocks(List<CheckedHeader> headers, Map<EventKey, TableRecord<?>> expected) {
    long from = headers.getFirst().number();
    Map<Long, Integer> counts = new TreeMap<>();
    expected.keySet().forEach(key -> counts.merge(key.block(), 1, Integer::sum));
    List<BlockRecord> rows =
        tx.fetch(
            BLOCK,
            BLOCK.CHAIN_ID.eq(chainId),
            BLOCK.NUMBER.between(from, headers.getLast().number()));
    for (BlockRecord row : rows) {
      BlockPoint block = headers.get((int) (row.getNumber() - from)).point();
      int count = Objects.requireNonNullElse(counts.remove(row.getNumber()), 0);
      if (!row.getHash().equals(block.hash())
          || !row.getParentHash().equals(block.parentHash())
          || row.getTimestamp() != block.timestamp()
          || row.getLogCount() != count) {
        String right = "%s after %s with %d events".formatted(block, block.parentHash(), count);
        add(new Difference("block", block.number(), -1, "", right, row.intoMap().toString()));
      }
    }
    counts.forEach((number, count) ->
        add(
            new Difference(
                "block", number, -1, "", "a row with %d events".formatted(count), "no row")));
  }
}
