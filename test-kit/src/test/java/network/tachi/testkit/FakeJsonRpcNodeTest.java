package network.tachi.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.JsonRpcOptions;
import network.tachi.evm.rpc.RpcException;
import org.junit.jupiter.api.Test;

class FakeJsonRpcNodeTest {
  @Test
  void node_shouldSayWhatTheScriptSays() {
    try (FakeJsonRpcNode node =
            FakeJsonRpcNode.start(call -> new FakeJsonRpcNode.Answer.Result("\"0x2a\""));
        JsonRpcClient client = new JsonRpcClient(node.uri(), JsonRpcOptions.DEFAULTS)) {
      EthRpc rpc = new EthRpc(client);
      assertThat(rpc.blockNumber()).isEqualTo(42);
      assertThat(node.calls())
          .singleElement()
          .extracting(FakeJsonRpcNode.Call::method)
          .isEqualTo("eth_blockNumber");
      node.script(call -> new FakeJsonRpcNode.Answer.Failure(-32000, "no \"luck\""));
      assertThatThrownBy(rpc::blockNumber)
          .isInstanceOf(RpcException.ErrorReply.class)
          .hasMessageContaining("no \"luck\"");
      node.script(call -> new FakeJsonRpcNode.Answer.Status(429));
      assertThatThrownBy(rpc::blockNumber).isInstanceOf(RpcException.HttpStatus.class);
      node.script(call -> new FakeJsonRpcNode.Answer.HangUp());
      assertThatThrownBy(rpc::blockNumber).isInstanceOf(RpcException.class);
    }
  }
}
