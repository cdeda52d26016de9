package network.tachi.evm.rpc.pool;

import java.util.OptionalLong;
import network.tachi.evm.rpc.RpcErrorKind;
import network.tachi.evm.rpc.RpcFailure;

/**
 * How many blocks to ask the logs of in one request. It grows by steps and shrinks by halves. A cap
 * that holds everywhere is remembered and never exceeded again; that one place is dense only
 * shrinks the next request. Safe for use by many threads.
 */
public final class LogRange {
  private static final int STEPS_TO_DOUBLE = 8;

  private long ceiling;
  private long current;

  /**
   * A range that begins at its most.
   *
   * @param most blocks in a request at most
   * @throws IllegalArgumentException if it is below 1
   */
  public LogRange(long most) {
    if (most < 1) {
      throw new IllegalArgumentException("a range of " + most + " blocks");
    }
    this.ceiling = most;
    this.current = most;
  }

  /** The blocks to ask for next, 1 or more. */
  public synchronized long blocks() {
    return current;
  }

  /** The most blocks that any place allows, as far as known. */
  public synchronized long ceiling() {
    return ceiling;
  }

  /** A request of so many blocks was answered. */
  public synchronized void answered(long blocks) {
    if (blocks >= current) {
      current = Math.min(ceiling, current + Math.max(1, current / STEPS_TO_DOUBLE));
    }
  }

  /** A request of so many blocks was refused, and it was the range's fault. */
  public synchronized void refused(long blocks, RpcFailure failure) {
    OptionalLong suggested = failure.suggestedRange();
    long half = Math.max(1, blocks / 2);
    // A suggestion that is not smaller is no help: the words were not those of this request.
    long next =
        suggested.isPresent() && suggested.getAsLong() < blocks ? suggested.getAsLong() : half;
    if (failure.kind() == RpcErrorKind.RANGE_TOO_LARGE) {
      ceiling = Math.min(ceiling, next);
    }
    current = Math.min(current, next);
  }
}
