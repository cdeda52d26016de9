package network.tachi.indexer;

import static network.tachi.store.jooq.chain.Tables.CHECKPOINT;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import network.tachi.evm.rpc.EthCalls;
import network.tachi.evm.rpc.JsonRpc;
import network.tachi.evm.rpc.Log;
import network.tachi.evm.rpc.LogFilter;
import network.tachi.evm.rpc.RpcException;
import network.tachi.store.Database;
import network.tachi.store.ProjectionSchema;
import org.jooq.DSLContext;
import org.jooq.TableRecord;

/**
 * Compares the store with the chain, row by row, from one snapshot of the store. A reorg meanwhile
 * shows as differences.
 *
 * <p>One that believes the node takes the events from {@code eth_getLogs}, a way that the indexer
 * does not go. One {@linkplain #byReceipts by receipts} believes nothing but the hashes of the
 * headers.
 */
public final class ChainAudit {
  private final IndexedChain chain;
  private final JsonRpc rpc;
  private final Database database;
  private final ChainReader reader;
  private final LogDecoder decoder;
  private final BlockVerifier verifier;
  private final boolean proven;
  private LongConsumer progress = _ -> {};

  /**
   * Creates an audit that takes the events from {@code eth_getLogs}.
   *
   * @param chain what is indexed
   * @param rpc the node to believe
   * @param database the store, as the role that writes it
   */
  public ChainAudit(IndexedChain chain, JsonRpc rpc, Database database) {
    this(chain, rpc, database, false);
  }

  /**
   * An audit that takes the events from receipts that hash to the root in their header.
   *
   * @param chain what is indexed
   * @param rpc the node to ask
   * @param database the store, as the role that writes it; nothing is written
   */
  public static ChainAudit byReceipts(IndexedChain chain, JsonRpc rpc, Database database) {
    return new ChainAudit(chain, rpc, database, true);
  }

  private ChainAudit(IndexedChain chain, JsonRpc rpc, Database database, boolean proven) {
    this.proven = proven;
    this.chain = chain;
    this.rpc = rpc;
    this.database = database;
    IndexerMetrics metrics =
        new IndexerMetrics(new SimpleMeterRegistry(), chain.id(), InstantSource.system());
    this.reader = new ChainReader(rpc, metrics);
    this.decoder = new LogDecoder(chain.id(), chain.contracts(), metrics::ignoredLog);
    this.verifier =
        new BlockVerifier(
            chain.id(), chain.contracts(), EvidenceReader.of(rpc, chain, () -> -1), metrics);
  }

  /** Is told of the height up to which blocks have been compared, from time to time. */
  public ChainAudit onProgress(LongConsumer listener) {
    progress = listener;
    return this;
  }

  void compared(long height) {
    progress.accept(height);
  }

  /**
   * A difference between what is stored and what should be.
   *
   * @param table the table or function without its schema
   * @param block the height
   * @param logIndex the log's place in the block, or -1 for what is no event
   * @param column the column, or empty for a whole row
   * @param expected what the chain says
   * @param found what the store says
   */
  public record Difference(
      String table, long block, int logIndex, String column, String expected, String found) {
    /** One line. */
    @Override
    public String toString() {
      return "%s block %d%s%s: expected %s, found %s"
          .formatted(
              table,
              block,
              logIndex < 0 ? "" : " log " + logIndex,
              column.isEmpty() ? "" : " " + column,
              expected,
              found);
    }
  }

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
    return database.snapshot(snapshot -> {
      DSLContext tx = ProjectionSchema.onLive(snapshot);
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
    return database.snapshot(tx -> new AuditRun(this, ProjectionSchema.onLive(tx)).range(from, to));
  }

  /**
   * Compares the events and blocks of a range, and checks what the store says of itself: that the
   * digests follow from the rows, that every block of the range was scanned, and that the newest
   * versions say what the rows say.
   *
   * @param from the first block
   * @param to the last block
   * @throws RpcException if the node gives no answer
   * @throws RejectedAnswerException if an answer is not proven by the chain's hashes
   * @throws org.jooq.exception.DataAccessException if the database fails
   */
  public Report verify(long from, long to) {
    return database.snapshot(
        tx -> new AuditRun(this, ProjectionSchema.onLive(tx)).verify(from, to));
  }

  /**
   * What the store holds of the chain.
   *
   * @param start the first block that is indexed
   * @param finalized the last that no reorg replaces
   * @param head the last
   */
  public record Extent(long start, long finalized, long head) {}

  /** What the store holds; empty if it does not know the chain. */
  public Optional<Extent> extent() {
    return database
        .dsl()
        .fetchOptional(CHECKPOINT, CHECKPOINT.CHAIN_ID.eq(chain.id().value()))
        .map(row -> new Extent(chain.startBlock(), row.getFinalizedNumber(), row.getHeadNumber()));
  }

  IndexedChain chain() {
    return chain;
  }

  ChainReader reader() {
    return reader;
  }

  /** The logs of the followed contracts in some blocks in a row, as the store keeps logs. */
  List<Log> logs(List<CheckedHeader> headers) {
    return proven ? provenLogs(headers) : claimedLogs(headers);
  }

  private List<Log> provenLogs(List<CheckedHeader> headers) {
    return verifier.verify(headers).stream()
        .peek(ChainAudit::requireReceipts)
        .filter(block -> !block.logs().isEmpty())
        .flatMap(block -> BlockLogs.decode(block.point().id(), block.logs()).logs().stream())
        .toList();
  }

  private static void requireReceipts(VerifiedBlock block) {
    if (block.verifiedBy() == VerifiedBy.LOGS) {
      throw new RejectedAnswerException(
          Rejection.RECEIPTS_MISSING, block.point().number(), "no endpoint gives receipts");
    }
  }

  private List<Log> claimedLogs(List<CheckedHeader> headers) {
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
