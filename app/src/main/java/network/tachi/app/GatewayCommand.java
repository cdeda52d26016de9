package network.tachi.app;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import network.tachi.app.role.Endpoint;
import network.tachi.app.role.RoleProcess;
import network.tachi.chainconfig.Network;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.Signer;
import network.tachi.gateway.GatewayConfig;
import network.tachi.gateway.Origins;
import network.tachi.store.DatabaseRole;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the gateway in a process of its own. */
@Command(
    name = "gateway",
    header = "Sells what publishers serve: answers 402, takes payment, delivers.",
    description = {"Runs until Ctrl-C. Its account pays the gas of direct payments."},
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = {
      "  ./tachi gateway --network base,ethereum --database jdbc:postgresql://db:5432/tachi"
          + " --oracle oracle:8081 --key file:/run/secrets/gateway --origin"
          + " news.example=http://10.0.0.7:8000"
    })
final class GatewayCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private RoleOptions options = new RoleOptions();

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where crawlers connect (${DEFAULT-VALUE}).",
      defaultValue = "127.0.0.1:8402")
  private String listen = "";

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Of this gateway among those that share a database (${DEFAULT-VALUE}).",
      defaultValue = "gateway")
  private String name = "";

  @Option(
      names = "--scheme",
      paramLabel = "SCHEME",
      description = "By which crawlers reach it, http or https (${DEFAULT-VALUE}).",
      defaultValue = "https")
  private String scheme = "";

  @Option(
      names = "--oracle",
      required = true,
      paramLabel = "HOST:PORT",
      description = "The oracle, which attests usage on credit.")
  private String oracle = "";

  @Option(
      names = "--key",
      required = true,
      paramLabel = "REF",
      description = "Private key of the account that settles payments: env:NAME or file:PATH.")
  private String key = "";

  @Option(
      names = "--origin",
      required = true,
      paramLabel = "DOMAIN=URL",
      description =
          "Where a domain is served from; also *.domain=URL, or *=URL for any. Repeat it for more.")
  private Map<String, String> origins = new LinkedHashMap<>();

  @Override
  public Integer call() throws Exception {
    Console console = new Console(spec.commandLine().getOut());
    try (StopSignal signal = StopSignal.listen()) {
      Endpoint at = Endpoint.parse("--listen", listen);
      Endpoint.parse("--oracle", oracle);
      Origins from = origins();
      Signer facilitator = Keys.read("--key", key);
      Network network = options.network();
      GatewayConfig config = config(network, from, at);
      try (RoleProcess process = new RoleProcess(network, options.database(DatabaseRole.GATEWAY))) {
        process.gateway(config, facilitator);
        options.serve(process, "The gateway listens on http://" + at, console, signal);
        return 0;
      }
    }
  }

  private GatewayConfig config(Network network, Origins from, Endpoint at) {
    try {
      return GatewayConfig.of(network, from, oracle)
          .listen(at.host(), at.port())
          .called(name)
          .reachedBy(scheme);
    } catch (InvalidValueException e) {
      throw new UserError("gateway: " + e.getMessage(), e);
    }
  }

  private Origins origins() {
    Map<String, URI> bases = new LinkedHashMap<>();
    try {
      origins.forEach((domain, url) -> bases.put(domain, URI.create(url)));
      return new Origins(bases);
    } catch (IllegalArgumentException e) {
      throw new UserError("--origin: " + e.getMessage(), e);
    }
  }
}
