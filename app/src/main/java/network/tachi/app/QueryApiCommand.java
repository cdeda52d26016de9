package network.tachi.app;

import java.util.concurrent.Callable;
import network.tachi.app.role.Endpoint;
import network.tachi.app.role.RoleProcess;
import network.tachi.store.DatabaseRole;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the query API in a process of its own. */
@Command(
    name = "query-api",
    header = "Serves discovery, verification and analytics, REST and gRPC on one port.",
    description = {"Runs until Ctrl-C. Any number may run side by side."},
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = {
      "  ./tachi query-api --network base,ethereum --database jdbc:postgresql://db:5432/tachi"
          + " --listen 0.0.0.0:8080"
    })
final class QueryApiCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private RoleOptions options = new RoleOptions();

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where clients connect (${DEFAULT-VALUE}).",
      defaultValue = "127.0.0.1:8080")
  private String listen = "";

  @Override
  public Integer call() throws Exception {
    Console console = new Console(spec.commandLine().getOut());
    try (StopSignal signal = StopSignal.listen()) {
      Endpoint at = Endpoint.parse("--listen", listen);
      try (RoleProcess process =
          new RoleProcess(options.network(), options.database(DatabaseRole.QUERY_API))) {
        process.queryApi(at);
        options.serve(process, "The query API listens on http://" + at, console, signal);
        return 0;
      }
    }
  }
}
