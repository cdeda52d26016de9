package network.tachi.evm.rpc.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.rpc.Log;
import network.tachi.evm.rpc.RpcErrorKind;
import network.tachi.evm.rpc.RpcException;
import network.tachi.evm.rpc.RpcFailure;

/**
 * Gets the logs of a range of blocks in as many requests as the endpoints' limits make necessary. A
 * single block that is still too much is asked for contract by contract, and then topic by topic.
 * Safe for use by many threads.
 */
public final class RangedLogs {
  private static final Comparator<Log> ORDER =
      Comparator.comparingLong(Log::blockNumber).thenComparingInt(Log::logIndex);

  private final Fetch fetch;
  private final LogRange range;

  /** Makes one request. */
  @FunctionalInterface
  public interface Fetch {
    /**
     * The logs of the blocks from one to another, both included, by these contracts, whose first
     * topic is one of these (any if there is none).
     *
     * @throws RpcException if there is no answer
     */
    List<Log> logs(long from, long to, List<Address> addresses, List<Hash> topic0);
  }

  /** Gets logs by single requests whose range is kept to what is known of the endpoints. */
  public RangedLogs(Fetch fetch, LogRange range) {
    this.fetch = fetch;
    this.range = range;
  }

  /**
   * All logs of the blocks from one to another, both included, in the order of the chain.
   *
   * @throws RpcException if a request that can't be made smaller has no answer
   */
  public List<Log> logs(long from, long to, List<Address> addresses, List<Hash> topic0) {
    List<Log> logs = new ArrayList<>();
    long next = from;
    while (next <= to) {
      long last = Math.min(to, next + range.blocks() - 1);
      try {
        logs.addAll(fetch.logs(next, last, addresses, topic0));
        range.answered(last - next + 1);
        next = last + 1;
      } catch (RpcException e) {
        RpcFailure failure = RpcFailure.of(e);
        if (last > next && failure.kind().mayNeedShorterRange()) {
          range.refused(last - next + 1, failure);
        } else if (isSelectionTooLarge(failure.kind()) && isDivisible(addresses, topic0)) {
          logs.addAll(divided(next, last, addresses, topic0));
          next = last + 1;
        } else {
          throw e;
        }
      }
    }
    return logs;
  }

  private static boolean isSelectionTooLarge(RpcErrorKind kind) {
    return kind == RpcErrorKind.TOO_MANY_ADDRESSES || kind.mayNeedShorterRange();
  }

  private static boolean isDivisible(List<Address> addresses, List<Hash> topic0) {
    return addresses.size() > 1 || topic0.size() > 1;
  }

  private List<Log> divided(long from, long to, List<Address> addresses, List<Hash> topic0) {
    List<Log> logs = new ArrayList<>();
    if (addresses.size() > 1) {
      int half = addresses.size() / 2;
      logs.addAll(logs(from, to, addresses.subList(0, half), topic0));
      logs.addAll(logs(from, to, addresses.subList(half, addresses.size()), topic0));
    } else {
      int half = topic0.size() / 2;
      logs.addAll(logs(from, to, addresses, topic0.subList(0, half)));
      logs.addAll(logs(from, to, addresses, topic0.subList(half, topic0.size())));
    }
    logs.sort(ORDER);
    return logs;
  }
}
