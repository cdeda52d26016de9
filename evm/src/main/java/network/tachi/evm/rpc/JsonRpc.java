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

  /** Host and port, for logs; no secrets. */
  String endpoint();
}
