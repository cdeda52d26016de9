package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.CHECKPOINT;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import network.tachi.evm.rpc.EthCalls;
import network.tachi.evm.rpc.JsonRpc;
import network.tachi.evm.rpc.Log;
import network.tachi.evm.rpc.LogFilter;
import network.tachi.evm.rpc.RpcException;
import network.tachi.store.Database;
import org.jooq.TableRecord;

/**
 * Compares the store with the chain, row by row. It takes the events from {@code eth_getLogs}, not
 * from receipts as the indexer does, and reads the store from one snapshot. The node is believed: a
 * reorg meanwhile shows as differences.
 */
public final class ChainAudit {
  private final IndexedChain chain;
  private final JsonRpc rpc;
  private final Database database;
  private final ChainReader reader;
  private final BlockVerifier decoder;

  /**
   * Creates an audit.
   *
   * @param chain what is indexed
   * @param rpc the node to believe
   * @param database the store, as a role that may read the schema chain
   */
  public ChainAudit(IndexedChain chain, JsonRpc rpc, Database database) {
    this.chain = chain;
    this.rpc = rpc;
    this.database = database;
    IndexerMetrics metrics =
        new IndexerMetrics(new SimpleMeterRegistry(), chain.id(), InstantSource.system());
    this.reader = new ChainReader(rpc, metrics);
    this.decoder =
        new BlockVerifier(
            chain.id(), chain.contracts(), EvidenceReader.of(rpc, chain, () -> -1), metrics);
  }

  /**
   * A difference between store and chain.
   *
   * @param table the table without its schema
   * @param block the height
   * @param logIndex the log's place in the block, or -1 for a block or the checkpoint
   * @param detail what the chain says and what the store says
   */
  public record Difference(String table, long block, int logIndex, String detail) {}

  /**
   * What an audit found.
   *
   * @param from the first block compared
   * @param to the last block compared
   * @param events the events of the chain in this range
   * @param differences where the store differs, the first thousand of them; empty if it equals the
   *     chain
   */
  public record Report(long from, long to, long events, List<Difference> differences) {
    /** Copies the list. */
    public Report {
      differences = List.copyOf(differences);
    }

    /** Whether the store equals the chain. */
    public boolean isClean() {
      return differences.isEmpty();
    }
  }

  /**
   * Compares all that is indexed, and the checkpoint.
   *
   * @throws RpcException if the node gives no answer
   * @throws org.jooq.exception.DataAccessException if the database fails
   */
  public Report compare() {
    return database.snapshot(tx -> {
      AuditRun run = new AuditRun(this, tx);
      return tx.fetchOptional(CHECKPOINT, CHECKPOINT.CHAIN_ID.eq(chain.id().value()))
          .map(run::whole)
          .orElseGet(run::nothing);
    });
  }

  /**
   * Compares the events and blocks of a range.
   *
   * @param from the first block
   * @param to the last block
   * @throws RpcException if the node gives no answer
   * @throws org.jooq.exception.DataAccessException if the database fails
   */
  public Report compare(long from, long to) {
    return database.snapshot(tx -> new AuditRun(this, tx).range(from, to));
  }

  IndexedChain chain() {
    return chain;
  }

  ChainReader reader() {
    return reader;
  }

  /** The logs of the followed contracts in some blocks in a row, as the store keeps logs. */
  List<Log> logs(List<CheckedHeader> headers) {
    long from = headers.getFirst().number();
    long to = headers.getLast().number();
    return rpc
        .call(EthCalls.logs(LogFilter.range(from, to, chain.contracts().addresses())))
        .stream()
        .map(ChainAudit::asStored)
        .toList();
  }

  private static Log asStored(Log log) {
    return new Log(
        log.address(),
        log.topics(),
        log.data(),
        log.blockNumber(),
        log.blockHash(),
        log.transactionHash(),
        log.transactionIndex(),
        log.logIndex(),
        false,
        null);
  }

  /** The rows that the events of logs must have, by their place. */
  Map<EventKey, TableRecord<?>> expected(List<CheckedHeader> headers, List<Log> logs) {
    long from = headers.getFirst().number();
    Map<EventKey, TableRecord<?>> rows = new TreeMap<>();
    for (Log log : logs) {
      BlockPoint block = headers.get((int) (log.blockNumber() - from)).point();
      decoder
          .decode(log)
          .map(event -> new IndexedEvent(decoder.position(block, log, VerifiedBy.HASH_PIN), event))
          .map(EventRows::of)
          .ifPresent(row -> rows.put(EventKey.of(row.getTable(), row), row));
    }
    return rows;
  }
}
