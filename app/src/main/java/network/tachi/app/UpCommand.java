package network.tachi.app;

import java.util.Locale;
import java.util.concurrent.Callable;
import network.tachi.app.local.LocalHome;
import network.tachi.app.local.LocalNetwork;
import network.tachi.app.local.LocalRoles;
import network.tachi.app.local.Ports;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts the whole system on this machine and keeps it running until Ctrl-C. */
@Command(
    name = "up",
    header = "Starts the whole system on this machine.",
    description = {
      "Starts the whole system on this machine: PostgreSQL, two local chains, all contracts,"
          + " indexer, oracle, gateway and query API. Runs until Ctrl-C, which stops everything it"
          + " started.",
      "State is kept in .tachi/ between runs."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./tachi up                       start, or go on where the last run stopped",
      "  ./tachi up --fresh --demo        start over and drive sample traffic through it",
      "  ./tachi up --port-offset 1000    when ports are taken: 9545, 9546, 6442, 9402, 9080 ..."
    })
final class UpCommand implements Callable<Integer> {
  private static final long MANY_BLOCKS = 20_000;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(names = "--fresh", description = "Forget chains and database of earlier runs.")
  private boolean fresh;

  @Option(
      names = "--demo",
      description =
          "Run the demo once everything is up, then go on; exit code 1 if its books do not"
              + " balance.")
  private boolean demo;

  @Option(
      names = "--pace",
      paramLabel = "PACE",
      description =
          "How often the local Base makes a block when idle: calm (2 s, default) or base (200 ms,"
              + " as Base does).")
  private String pace = "calm";

  @Option(
      names = "--port-offset",
      paramLabel = "N",
      description = "Added to every port (default 0).")
  private int portOffset;

  @Override
  public Integer call() throws Exception {
    Console console = new Console(spec.commandLine().getOut());
    LocalHome home = Homes.state();
    Ports ports = Options.ports(portOffset);
    LocalNetwork.Options options =
        new LocalNetwork.Options(Homes.repository(), home, ports, pace(), fresh);
    console.line("Tachi is starting on this machine");
    try (StopSignal signal = StopSignal.listen()) {
      try (LocalNetwork network = LocalNetwork.start(options, console);
          LocalRoles roles = LocalRoles.start(network, ports, home);
          AutoCloseable _ = () -> goodbye(signal, console)) {
        roles.awaitReady(console);
        Board.print(console, network, ports, home);
        warnAboutAge(console, network);
        if (demo && !DemoCommand.run(network.network(), network.database(), ports, console)) {
          return 1;
        }
        signal.await();
        return 0;
      } catch (Exception e) {
        if (signal.isAsked()) {
          return 0;
        }
        throw e;
      }
    }
  }

  private static void goodbye(StopSignal signal, Console console) {
    console.line(signal.isAsked() ? "Stopping" : "Stopping, since the demo failed");
  }

  private LocalNetwork.Pace pace() {
    return switch (pace.toLowerCase(Locale.ROOT)) {
      case "calm" -> LocalNetwork.Pace.CALM;
      case "base" -> LocalNetwork.Pace.BASE;
      default -> throw new UserError("--pace: expected calm or base, found " + pace);
    };
  }

  private static void warnAboutAge(Console console, LocalNetwork network) {
    long head = network.base().head();
    if (head > MANY_BLOCKS) {
      console.line(
          "  The local Base has "
              + head
              + " blocks, and anvil gets slower with each: ./tachi up --fresh starts over.");
    }
  }
}
