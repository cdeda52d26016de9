package network.tachi.indexer;

import java.net.URI;
import java.util.function.BiFunction;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.JsonRpcOptions;
import network.tachi.evm.rpc.RpcException;
import network.tachi.testkit.FakeJsonRpcNode;
import network.tachi.testkit.FakeJsonRpcNode.Answer;
import network.tachi.testkit.FakeJsonRpcNode.Call;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A node that passes all calls on to a real one and changes what comes back. */
final class FaultyNode implements AutoCloseable {
  /** Changes the real answer to a call. */
  interface Fault extends BiFunction<Call, JsonNode, Answer> {}

  private final JsonRpcClient real;
  private final FakeJsonRpcNode node;
  private final JsonRpcClient client;
  private volatile Fault fault = FaultyNode::honest;

  FaultyNode(URI uri) {
    real = new JsonRpcClient(uri, JsonRpcOptions.DEFAULTS);
    node = FakeJsonRpcNode.start(this::answer);
    client = new JsonRpcClient(node.uri(), JsonRpcOptions.DEFAULTS);
  }

  /** A client of this node. */
  JsonRpcClient client() {
    return client;
  }

  void become(Fault next) {
    fault = next;
  }

  void becomeHonest() {
    fault = FaultyNode::honest;
  }

  /** The answer as it is. */
  static Answer honest(Call call, JsonNode result) {
    return new Answer.Result(result.toString());
  }

  private Answer answer(Call call) {
    try {
      JsonNode result = JsonMapper.shared().readTree(real.request(call.method(), call.params()));
      return fault.apply(call, result);
    } catch (RpcException.ErrorReply e) {
      return new Answer.Failure(e.code(), e.nodeMessage());
    }
  }

  @Override
  public void close() {
    client.close();
    node.close();
    real.close();
  }
}
