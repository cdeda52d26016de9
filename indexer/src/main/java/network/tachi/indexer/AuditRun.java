package network.tachi.indexer;

import static java.util.stream.Collectors.toList;
import static network.tachi.store.jooq.chain.Tables.BLOCK;
import static network.tachi.store.jooq.chain.Tables.BLOCK_LOGS;
import static network.tachi.store.jooq.chain.Tables.EVENT_TEMPLATE;
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
import network.tachi.store.ChainTextConverter;
import network.tachi.store.EventTables;
import network.tachi.store.jooq.chain.tables.records.BlockRecord;
import network.tachi.store.jooq.chain.tables.records.CheckpointRecord;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Table;
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
    add(new Difference("checkpoint", 0, -1, "nothing is indexed"));
    return new Report(audit.chain().startBlock(), -1, 0, differences);
  }

  /** Of all blocks, the checkpoint, and that nothing is above it. */
  Report whole(CheckpointRecord stored) {
    compareId("head", stored.getHeadNumber(), stored.getHeadHash());
    compareId("safe", stored.getSafeNumber(), stored.getSafeHash());
    compareId("finalized", stored.getFinalizedNumber(), stored.getFinalizedHash());
    stored(stored.getHeadNumber() + 1, Long.MAX_VALUE)
        .forEach((key, row) -> add(key.difference("above the head: " + row.intoMap())));
    storedLogs(stored.getHeadNumber() + 1, Long.MAX_VALUE)
        .keySet()
        .forEach(number -> add(new Difference("block_logs", number, -1, "above the head")));
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
      compareRows(expected, stored(start, end));
      start = end + 1;
    }
    return new Report(from, to, events, differences);
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
      add(
          new Difference(
              "checkpoint", number, -1, "%s: chain %s, store %s".formatted(name, found, hash)));
    }
  }

  private Map<EventKey, Record> stored(long from, long to) {
    Map<EventKey, Record> rows = new TreeMap<>();
    for (Table<?> table : EventTables.all()) {
      tx.selectFrom(table)
          .where(EventTables.column(table, EVENT_TEMPLATE.CHAIN_ID).eq(chainId))
          .and(EventTables.column(table, EVENT_TEMPLATE.BLOCK_NUMBER).between(from, to))
          .forEach(row -> rows.put(EventKey.of(table, row), row));
    }
    return rows;
  }

  private void compareRows(Map<EventKey, TableRecord<?>> expected, Map<EventKey, Record> stored) {
    expected.forEach((key, row) -> {
      Record found = stored.remove(key);
      if (found == null) {
        add(key.difference("missing: " + row.intoMap()));
      } else if (!values(found).equals(values(row))) {
        add(key.difference("chain %s, store %s".formatted(values(row), values(found))));
      }
    });
    stored.forEach((key, row) -> add(key.difference("not on the chain: " + row.intoMap())));
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
        String detail = "chain %s, store %s".formatted(expected.get(number), found.logs());
        add(new Difference("block_logs", number, -1, detail));
      }
    });
    events.keySet().stream()
        .map(EventKey::block)
        .distinct()
        .filter(number -> !stored.containsKey(number))
        .forEach(number -> add(new Difference("block_logs", number, -1, "missing")));
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
      add(new Difference("license_total", 0, -1, "rows %s, kept %s".formatted(summed, kept)));
    }
  }

  private static String total(BigInteger amount, long payments, long block) {
    return "%d in %d up to block %d".formatted(amount, payments, block);
  }

  private static Map<String, Object> values(Record row) {
    Map<String, Object> values = row.intoMap();
    values.replaceAll(
        (_, value) -> value instanceof String text ? ChainTextConverter.storable(text) : value);
    return values;
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
        String detail = "chain %s with %d events, store %s".formatted(block, count, row.intoMap());
        add(new Difference("block", block.number(), -1, detail));
      }
    }
    counts.forEach((number, count) ->
        add(new Difference("block", number, -1, "missing, with " + count + " events")));
  }
}
