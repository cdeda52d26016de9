package network.tachi.tx;

import java.util.List;
import network.tachi.evm.rpc.JsonRpc;
import network.tachi.evm.rpc.RpcCall;
import network.tachi.evm.rpc.RpcReply;

/**
 * Estimates gas on the head, as most nodes do; anvil does it on top of the transactions that wait.
 */
final class EstimatesOnHead implements JsonRpc {
  private final JsonRpc node;

  EstimatesOnHead(JsonRpc node) {
    this.node = node;
  }

  @Override
  public <T> T call(RpcCall<T> call) {
    if (!call.method().equals("eth_estimateGas")) {
      return node.call(call);
    }
    String params = call.params().substring(0, call.params().length() - 1) + ",\"latest\"]";
    return node.call(new RpcCall<>(call.method(), params, call.nullable(), call.reader()));
  }

  @Override
  public <T> List<RpcReply<T>> callAll(List<RpcCall<T>> calls) {
    return node.callAll(calls);
  }

  @Override
  public String endpoint() {
    return node.endpoint();
  }
}
