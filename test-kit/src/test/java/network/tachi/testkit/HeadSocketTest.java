package network.tachi.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.rpc.HeadSocket;
import network.tachi.evm.rpc.NewHead;
import network.tachi.evm.rpc.RpcException;
import network.tachi.testkit.chain.ChainSpec;
import network.tachi.testkit.chain.GeneratedChain;
import network.tachi.testkit.chain.ReplayNode;
import network.tachi.testkit.chain.ReplayServer;
import network.tachi.testkit.chain.Workload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Subscriptions to new heads, of anvil and of the replay server. */
@Timeout(30)
final class HeadSocketTest {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final class Heard implements HeadSocket.Listener {
    final BlockingQueue<NewHead> heads = new LinkedBlockingQueue<>();
    final BlockingQueue<String> other = new LinkedBlockingQueue<>();

    @Override
    public void subscribed() {
      other.add("subscribed");
    }

    @Override
    public void head(NewHead head) {
      heads.add(head);
    }

    @Override
    public void closed(String why) {
      other.add("closed: " + why);
    }

    NewHead next() throws InterruptedException {
      NewHead head = heads.poll(5, TimeUnit.SECONDS);
      assertThat(head).isNotNull();
      return head;
    }

    String nextOther() throws InterruptedException {
      return String.valueOf(other.poll(5, TimeUnit.SECONDS));
    }
  }

  @Test
  void heads_shouldBeHeardAsTheyAreMined() throws Exception {
    Heard heard = new Heard();
    try (Anvil anvil = Anvil.start(AnvilOptions.BASE.withoutMining())) {
      URI uri = URI.create(anvil.uri().toString().replace("http", "ws"));
      try (HeadSocket _ = HeadSocket.open(uri, PATIENCE, heard)) {
        assertThat(heard.nextOther()).isEqualTo("subscribed");
        for (int i = 0; i < 3; i++) {
          anvil.mine(1);
          NewHead head = heard.next();
          var block = anvil.rpc().blockByNumber(head.number()).orElseThrow();
          assertThat(head).isEqualTo(new NewHead(block.number(), block.hash(), block.logsBloom()));
        }
      }
    }
  }

  @Test
  void brokenConnection_shouldBeToldOnce() throws Exception {
    GeneratedChain chain = GeneratedChain.create(ChainSpec.base(1, Workload.EMPTY));
    ReplayNode node = new ReplayNode(chain, chain.extend(chain.genesis(), 3));
    Heard heard = new Heard();
    try (ReplayServer server = ReplayServer.start(node);
        HeadSocket socket = HeadSocket.open(server.webSocketUri(), PATIENCE, heard)) {
      assertThat(heard.nextOther()).isEqualTo("subscribed");
      node.mine(1);
      assertThat(heard.next().number()).isEqualTo(4);
      server.dropConnections();
      assertThat(heard.nextOther()).startsWith("closed: ");
      assertThat(socket.endpoint()).isEqualTo("127.0.0.1:" + server.port());
    }
    assertThat(heard.other).isEmpty();
  }

  @Test
  void noWebsocket_shouldBeTyped() throws IOException {
    Heard heard = new Heard();
    try (FakeJsonRpcNode node =
        FakeJsonRpcNode.start(_ -> new FakeJsonRpcNode.Answer.Result("1"))) {
      URI uri = URI.create(node.uri().toString().replace("http", "ws") + "/secret");
      assertThatThrownBy(() -> HeadSocket.open(uri, PATIENCE, heard))
          .isInstanceOf(RpcException.class)
          .hasMessageNotContaining("secret");
    }
    try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      URI uri = URI.create("ws://127.0.0.1:" + deaf.getLocalPort());
      assertThatThrownBy(() -> HeadSocket.open(uri, Duration.ofMillis(200), heard))
          .isInstanceOf(RpcException.class);
    }
    assertThatThrownBy(() -> HeadSocket.open(URI.create("http://a.example/x"), PATIENCE, heard))
        .isInstanceOf(InvalidValueException.class);
  }
}
