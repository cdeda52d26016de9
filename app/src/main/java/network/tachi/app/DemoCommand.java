package network.tachi.app;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.Callable;
import network.tachi.app.demo.Audit;
import network.tachi.app.demo.Demo;
import network.tachi.app.demo.DemoChain;
import network.tachi.app.demo.DemoWorld;
import network.tachi.app.local.LocalAccount;
import network.tachi.app.local.LocalDatabase;
import network.tachi.app.local.LocalHome;
import network.tachi.app.local.LocalNetwork;
import network.tachi.app.local.Ports;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.Network;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.JsonRpcOptions;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.store.DatabaseSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Drives publishers and crawlers through a running local network and checks the books. */
@Command(
    name = "demo",
    header = "Drives sample traffic through a running local network and checks the books.",
    description = {
      "Drives the local network that ./tachi up runs: two publishers mint licences and bind"
          + " domains, three crawlers deposit credit and crawl through the gateway on both rails,"
          + " the oracle posts roots on both chains, a publisher claims and withdraws, one payment"
          + " is disputed and refunded. At the end it checks the books.",
      "Exit code 0 if they balance, 1 if not."
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(names = "--books", description = "Only check the books.")
  private boolean books;

  @Option(
      names = "--port-offset",
      paramLabel = "N",
      description = "The one that ./tachi up was given (default 0).")
  private int portOffset;

  @Override
  public Integer call() {
    Ports ports = Options.ports(portOffset);
    LocalHome home = Homes.state();
    Network network = localNetwork(home, ports);
    DatabaseSettings database = LocalDatabase.settings(home, ports);
    Console console = new Console(spec.commandLine().getOut());
    boolean balanced =
        books ? audit(network, database, ports, console) : run(network, database, ports, console);
    return balanced ? 0 : 1;
  }

  private static Network localNetwork(LocalHome home, Ports ports) {
    Network network = Network.load(LocalNetwork.NAME, Map.of(), home.deployments());
    if (network.deploymentId().isEmpty()) {
      throw new UserError("no local network here: start one with ./tachi up in another terminal");
    }
    return network
        .withRpc("local-base", java.util.List.of(URI.create("http://127.0.0.1:" + ports.base())))
        .withRpc(
            "local-ethereum",
            java.util.List.of(URI.create("http://127.0.0.1:" + ports.ethereum())));
  }

  /** Runs the demo; true if the books balance. */
  static boolean run(Network network, DatabaseSettings settings, Ports ports, Console console) {
    return inWorld(network, settings, ports, world -> new Demo(world, console).run());
  }

  private static boolean audit(
      Network network, DatabaseSettings settings, Ports ports, Console console) {
    return inWorld(network, settings, ports, world -> Audit.run(world, console));
  }

  private static boolean inWorld(
      Network network,
      DatabaseSettings settings,
      Ports ports,
      java.util.function.Predicate<DemoWorld> work) {
    ChainSettings base = network.settlement();
    ChainSettings ethereum = network.anchor();
    try (JsonRpcClient toBase = new JsonRpcClient(base.rpc().getFirst(), JsonRpcOptions.DEFAULTS);
        JsonRpcClient toEthereum =
            new JsonRpcClient(ethereum.rpc().getFirst(), JsonRpcOptions.DEFAULTS);
        Database database = Database.open(settings, DatabaseRole.OWNER, 2)) {
      return work.test(
          new DemoWorld(
              Long.toString(System.currentTimeMillis(), Character.MAX_RADIX),
              new DemoChain(base, new EthRpc(toBase)),
              new DemoChain(ethereum, new EthRpc(toEthereum)),
              URI.create("http://127.0.0.1:" + ports.gateway()),
              URI.create("http://127.0.0.1:" + ports.queryApi()),
              LocalAccount.REGISTRAR.signer(),
              LocalAccount.FAUCET.signer(),
              database.dsl()));
    }
  }
}
