package network.tachi.evm.rpc;

import java.time.Duration;
import java.util.function.Function;

/**
 * Work that reads from one node and checks what it says.
 *
 * @param label names the work in metrics, and keeps its usual time apart from that of other work
 * @param patience how long one run may take before it counts as failed
 * @param work reads from the node that it is given; it has no effect but its result
 * @param judge what an exception of the work says about the node
 */
public record Attempt<T>(
    String label,
    Duration patience,
    Function<JsonRpc, T> work,
    Function<RuntimeException, Blame> judge) {
  /** What a failed run says about the node. */
  public enum Blame {
    /** Nothing; another node would say the same. */
    NONE,
    /** Nothing, but another node may have what it has not got yet. */
    LATE,
    /** It is behind, or its parts do not agree; honest nodes are so for moments. */
    STALE,
    /** It said what its own hashes disprove. */
    LIE
  }
}
