package network.tachi.indexer;

import java.util.List;
import java.util.function.Supplier;
import network.tachi.evm.rpc.Attempt;
import network.tachi.evm.rpc.JsonRpc;
import network.tachi.evm.rpc.RpcCall;
import network.tachi.evm.rpc.RpcException;
import network.tachi.evm.rpc.RpcFailure;
import network.tachi.evm.rpc.RpcReply;

/** Counts the calls of a node and their failures. */
final class CountingRpc implements JsonRpc {
  private final JsonRpc rpc;
  private final IndexerMetrics metrics;

  CountingRpc(JsonRpc rpc, IndexerMetrics metrics) {
    this.rpc = rpc;
    this.metrics = metrics;
  }

  @Override
  public <T> T call(RpcCall<T> call) {
    metrics.rpcCalls(call.method(), 1);
    return counted(() -> rpc.call(call));
  }

  @Override
  public <T> List<RpcReply<T>> callAll(List<RpcCall<T>> calls) {
    if (calls.isEmpty()) {
      return List.of();
    }
    metrics.rpcCalls(calls.getFirst().method(), calls.size());
    List<RpcReply<T>> replies = counted(() -> rpc.callAll(calls));
    for (RpcReply<T> reply : replies) {
      if (reply instanceof RpcReply.Failed<T>(RpcException error)) {
        metrics.rpcError(RpcFailure.of(error).kind());
      }
    }
    return replies;
  }

  @Override
  public <T> T attempt(Attempt<T> attempt) {
    return rpc.attempt(
        new Attempt<>(
            attempt.label(),
            attempt.patience(),
            node -> attempt.work().apply(new CountingRpc(node, metrics)),
            attempt.judge()));
  }

  @Override
  public List<JsonRpc> nodes() {
    return rpc.nodes().stream().<JsonRpc>map(node -> new CountingRpc(node, metrics)).toList();
  }

  private <T> T counted(Supplier<T> request) {
    metrics.rpcRequest();
    try {
      return request.get();
    } catch (RpcException e) {
      metrics.rpcError(RpcFailure.of(e).kind());
      throw e;
    }
  }

  @Override
  public String endpoint() {
    return rpc.endpoint();
  }
}
