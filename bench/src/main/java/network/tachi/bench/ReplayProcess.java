package network.tachi.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.JsonRpcOptions;

/** The replay server in a process of its own. */
final class ReplayProcess implements AutoCloseable {
  private static final Duration BUILD_LIMIT = Duration.ofMinutes(10);

  private final Child child;
  private final URI settlement;
  private final URI anchor;
  private final JsonRpcClient settlementClient;
  private final JsonRpcClient anchorClient;

  private ReplayProcess(Child child, String ports) {
    this.child = child;
    this.settlement = uri(ports.substring(0, ports.indexOf(' ')));
    this.anchor = uri(ports.substring(ports.indexOf(' ') + 1));
    this.settlementClient = new JsonRpcClient(settlement, JsonRpcOptions.DEFAULTS);
    this.anchorClient = new JsonRpcClient(anchor, JsonRpcOptions.DEFAULTS);
  }

  private static URI uri(String port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Starts it and waits until it serves. */
  static ReplayProcess start(Path folder, List<String> options) {
    Path ready = folder.resolve("replay.ports");
    try {
      Files.deleteIfExists(ready);
      List<String> arguments = new java.util.ArrayList<>(List.of("replay-server"));
      arguments.addAll(List.of("--ready", ready.toString()));
      arguments.addAll(options);
      Child child =
          Child.java(
              "replay",
              List.of("-Xmx1g"),
              Bench.class.getName(),
              arguments,
              Map.of(),
              folder.resolve("replay.log"));
      child.await("serves", BUILD_LIMIT, () -> Files.exists(ready));
      return new ReplayProcess(child, Files.readString(ready));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The chain with the payments. */
  URI settlement() {
    return settlement;
  }

  /** The other chain of the network. */
  URI anchor() {
    return anchor;
  }

  EthRpc settlementRpc() {
    return new EthRpc(settlementClient);
  }

  EthRpc anchorRpc() {
    return new EthRpc(anchorClient);
  }

  Meter meter() {
    return child.watch();
  }

  @Override
  public void close() {
    settlementClient.close();
    anchorClient.close();
    child.close();
  }
}
