package network.tachi.chainconfig;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import network.tachi.evm.Address;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.JsonRpcOptions;
import network.tachi.testkit.FakeJsonRpcNode;
import network.tachi.testkit.FakeJsonRpcNode.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The node's answers are scripted, since a real chain can't have USDC's mainnet domain. */
class ChainCheckTest {
  @TempDir Path folder;

  private ChainSettings chain;
  private FakeJsonRpcNode node;
  private JsonRpcClient client;
  private String chainId = "0x14a34";
  private String code = "0x6000";
  private Answer domain;

  @BeforeEach
  void start() {
    chain =
        Network.load("base-sepolia", Map.of(), folder)
            .settlement()
            .with(
                List.of(
                    new ContractAt(
                        ContractName.CRAWL_LICENSE,
                        Address.parse("0x4fA86C0bAD6AB64009445de6EE8462Bc31A4b347"),
                        1)));
    domain = new Answer.Result("\"" + chain.usdc().domainSeparator(chain.chain()) + "\"");
    node =
        FakeJsonRpcNode.start(call ->
            switch (call.method()) {
              case "eth_chainId" -> new Answer.Result("\"" + chainId + "\"");
              case "eth_getCode" -> new Answer.Result("\"" + code + "\"");
              case "eth_call" -> domain;
              default -> new Answer.Failure(-32601, "no such method");
            });
    client = new JsonRpcClient(node.uri(), JsonRpcOptions.DEFAULTS);
  }

  @AfterEach
  void stop() {
    client.close();
    node.close();
  }

  private void check() {
    ChainCheck.run(chain, new EthRpc(client));
  }

  @Test
  void rightChain_shouldPass() {
    assertThatCode(this::check).doesNotThrowAnyException();
  }

  @Test
  void otherChainId_shouldStop() {
    chainId = "0x1";
    assertThatThrownBy(this::check)
        .isInstanceOf(ChainMismatchException.class)
        .hasMessage("chain base-sepolia: chain id: expected 84532, found 1");
  }

  @Test
  void contractWithoutCode_shouldStop() {
    code = "0x";
    assertThatThrownBy(this::check)
        .isInstanceOf(ChainMismatchException.class)
        .hasMessageContaining("crawl-license")
        .hasMessageContaining("no code");
  }

  @Test
  void otherUsdcDomain_shouldStop() {
    domain =
        new Answer.Result("\"0x02fa7265e7c5d81118673727957699e4d68f74cd74b7db77da710fe8a2c7834f\"");
    assertThatThrownBy(this::check)
        .isInstanceOf(ChainMismatchException.class)
        .hasMessageContaining("DOMAIN_SEPARATOR")
        .hasMessageContaining("0x71f17a3b2ff373b803d70a5a07c046c1a2bc8e89c09ef722fcb047abe94c9818")
        .hasMessageContaining("0x02fa7265");
  }

  @Test
  void missingUsdc_shouldStop() {
    domain = new Answer.Result("\"0x\"");
    assertThatThrownBy(this::check)
        .isInstanceOf(ChainMismatchException.class)
        .hasMessageContaining("no code");
    domain = new Answer.Failure(3, "execution reverted");
    assertThatThrownBy(this::check)
        .isInstanceOf(ChainMismatchException.class)
        .hasMessageContaining("execution reverted");
  }
}
