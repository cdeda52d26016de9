package network.tachi.indexer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.Attempt;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.EthCalls;
import network.tachi.evm.rpc.JsonRpc;
import network.tachi.evm.rpc.Log;
import network.tachi.evm.rpc.LogFilter;
import network.tachi.evm.rpc.RpcCall;
import network.tachi.evm.rpc.RpcErrorKind;
import network.tachi.evm.rpc.RpcException;
import network.tachi.evm.rpc.RpcFailure;
import network.tachi.evm.rpc.RpcReply;
import network.tachi.evm.rpc.pool.LogRange;
import network.tachi.evm.rpc.pool.RangedLogs;

/**
 * Fetches logs by {@code eth_getLogs} from endpoints that give no receipts, and holds them against
 * the headers' blooms. Above the finalized block each block is named by its hash. Below it ranges
 * are asked for by number, together with the header of their last block: a node that has not got
 * that block gives no logs either. All logs of a block are asked for, as only these have its bloom;
 * where that is more than the endpoints give, those of the followed contracts. Safe for use by many
 * threads.
 */
final class LogsReader {
  private static final String METHOD = "eth_getLogs";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int BLOCKS_PER_REQUEST = 20;

  private final JsonRpc rpc;
  private final List<Address> addresses;
  private final LongSupplier finalized;
  private final LogRange range;

  /**
   * A reader.
   *
   * @param finalized the height up to which nothing can be undone
   * @param maxRange blocks asked for at once at most
   */
  LogsReader(JsonRpc rpc, List<Address> addresses, LongSupplier finalized, int maxRange) {
    this.rpc = rpc;
    this.addresses = List.copyOf(addresses);
    this.finalized = finalized;
    this.range = new LogRange(maxRange);
  }

  /**
   * The logs of each block, at least those of the followed contracts.
   *
   * @param headers ascending
   * @throws RpcException if there is no answer
   * @throws RejectedAnswerException if the logs are not those of the block
   */
  List<List<Log>> logs(List<BlockHeader> headers) {
    long settled = finalized.getAsLong();
    List<BlockHeader> pinned =
        headers.stream().filter(header -> header.number() > settled).toList();
    Map<Long, List<Log>> found = new HashMap<>();
    for (NavigableMap<Long, BlockHeader> run : runs(headers, settled)) {
      found.putAll(byRange(run));
    }
    for (int start = 0; start < pinned.size(); start += BLOCKS_PER_REQUEST) {
      found.putAll(
          byHash(pinned.subList(start, Math.min(pinned.size(), start + BLOCKS_PER_REQUEST))));
    }
    return headers.stream().map(header -> found.getOrDefault(header.number(), List.of())).toList();
  }

  /** The settled blocks in runs without a gap. */
  private static List<NavigableMap<Long, BlockHeader>> runs(
      List<BlockHeader> headers, long settled) {
    List<NavigableMap<Long, BlockHeader>> runs = new ArrayList<>();
    for (BlockHeader header : headers) {
      if (header.number() > settled) {
        continue;
      }
      if (runs.isEmpty() || runs.getLast().lastKey() + 1 != header.number()) {
        runs.add(new TreeMap<>());
      }
      runs.getLast().put(header.number(), header);
    }
    return runs;
  }

  private Map<Long, List<Log>> byHash(List<BlockHeader> headers) {
    List<RpcCall<List<Log>>> calls =
        headers.stream()
            .map(header -> EthCalls.logs(LogFilter.block(header.hash(), List.of())))
            .toList();
    return attempt(node -> {
      List<RpcReply<List<Log>>> replies = node.callAll(calls);
      Map<Long, List<Log>> found = new HashMap<>();
      for (int i = 0; i < calls.size(); i++) {
        BlockHeader header = headers.get(i);
        found.put(header.number(), orFollowed(node, header, replies.get(i)));
      }
      return found;
    });
  }

  /** All logs of a block, or, if these are too many, those of the followed contracts. */
  private List<Log> orFollowed(JsonRpc node, BlockHeader header, RpcReply<List<Log>> reply) {
    if (reply instanceof RpcReply.Failed<List<Log>>(RpcException error) && isTooMuch(error)) {
      RangedLogs.Fetch one =
          (_, _, some, topics) ->
              node.call(EthCalls.logs(LogFilter.block(header.hash(), some).withTopic0(topics)));
      List<Log> logs =
          new RangedLogs(one, new LogRange(1))
              .logs(header.number(), header.number(), addresses, List.of());
      LogsProof.checkEach(header, logs);
      return logs;
    }
    List<Log> logs = reply.orThrow();
    LogsProof.checkAll(header, logs);
    return logs;
  }

  private Map<Long, List<Log>> byRange(NavigableMap<Long, BlockHeader> run) {
    RangedLogs ranged =
        new RangedLogs((from, to, some, topics) -> witnessed(run, from, to, some, topics), range);
    Map<Long, List<Log>> found = new HashMap<>();
    for (Map.Entry<Long, BlockHeader> entry : run.entrySet()) {
      found.put(entry.getKey(), new ArrayList<>());
    }
    List<Log> logs;
    try {
      logs = ranged.logs(run.firstKey(), run.lastKey(), List.of(), List.of());
    } catch (RpcException e) {
      if (!isTooMuch(e)) {
        throw e;
      }
      logs = ranged.logs(run.firstKey(), run.lastKey(), addresses, List.of());
    }
    logs.forEach(log -> found.computeIfAbsent(log.blockNumber(), _ -> new ArrayList<>()).add(log));
    return found;
  }

  private List<Log> witnessed(
      NavigableMap<Long, BlockHeader> run,
      long from,
      long to,
      List<Address> some,
      List<Hash> topics) {
    RpcCall<Object> witness = EthCalls.block(BlockRef.number(to)).map(header -> header);
    RpcCall<Object> logs =
        EthCalls.logs(LogFilter.range(from, to, some).withTopic0(topics)).map(found -> found);
    return attempt(node -> {
      List<RpcReply<Object>> replies = node.callAll(List.of(witness, logs));
      requireSame(run, to, replies.getFirst().orThrow());
      return checked(run, from, to, replies.getLast().orThrow(), some.isEmpty());
    });
  }

  /** Whether the logs of fewer contracts may be had. */
  private static boolean isTooMuch(RpcException error) {
    RpcErrorKind kind = RpcFailure.of(error).kind();
    return kind.mayNeedShorterRange() || kind == RpcErrorKind.TOO_MANY_ADDRESSES;
  }

  private static void requireSame(NavigableMap<Long, BlockHeader> run, long number, Object said) {
    BlockHeader expected = header(run, number);
    if (!(said instanceof Optional<?> optional)
        || !(optional.orElse(null) instanceof BlockHeader witness)) {
      throw new RejectedAnswerException(
          Rejection.BLOCK_MISSING, number, "the node has no logs of it yet");
    }
    if (!witness.hash().equals(expected.hash())) {
      throw new RejectedAnswerException(
          Rejection.PARENT_LINK, number, "the node's block is " + witness.hash());
    }
  }

  private static List<Log> checked(
      NavigableMap<Long, BlockHeader> run, long from, long to, Object said, boolean all) {
    if (!(said instanceof List<?> list)) {
      throw new IllegalStateException("the logs are no list");
    }
    List<Log> logs = list.stream().map(Log.class::cast).toList();
    int next = 0;
    for (long number = from; number <= to; number++) {
      int start = next;
      while (next < logs.size() && logs.get(next).blockNumber() == number) {
        next++;
      }
      BlockHeader header = header(run, number);
      if (all) {
        LogsProof.checkAll(header, logs.subList(start, next));
      } else {
        LogsProof.checkEach(header, logs.subList(start, next));
      }
    }
    if (next < logs.size()) {
      throw new RejectedAnswerException(
          Rejection.FOREIGN_RECEIPT, to, "a log of block " + logs.get(next).blockNumber());
    }
    return logs;
  }

  private static BlockHeader header(NavigableMap<Long, BlockHeader> run, long number) {
    BlockHeader header = run.get(number);
    if (header == null) {
      throw new IllegalStateException("block " + number + " is not in the run");
    }
    return header;
  }

  private <T> T attempt(Function<JsonRpc, T> work) {
    return rpc.attempt(new Attempt<>(METHOD, PATIENCE, work, RejectedAnswerException::blame));
  }
}
