package network.tachi.evm.rpc;

import java.util.List;

/**
 * Makes calls of one node, or of several that are made to look like one. Safe for use by many
 * threads.
 */
public interface JsonRpc {
  /**
   * Makes one call and waits for its result.
   *
   * @throws RpcException if there is no usable answer
   */
  <T> T call(RpcCall<T> call);

  /**
   * Makes several calls in one request; the replies are in the calls' order, whatever the order of
   * the answer.
   *
   * @throws RpcException if there is no usable answer to the request as a whole
   */
  <T> List<RpcReply<T>> callAll(List<RpcCall<T>> calls);

  /**
   * Runs work that reads from one node, and judges what it said. Where there are several nodes, the
   * work may be run against more than one, at the same time too, until one run ends well; so it
   * must have no effect but its result.
   *
   * @throws RpcException if there is no usable answer
   */
  default <T> T attempt(Attempt<T> attempt) {
    return attempt.work().apply(this);
  }

  /** Each node behind this by itself, the preferred one first; without those known to be unfit. */
  default List<JsonRpc> nodes() {
    return List.of(this);
  }

  /** Host and port, for logs; no secrets. */
  String endpoint();
}
