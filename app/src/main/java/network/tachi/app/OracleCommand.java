package network.tachi.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import network.tachi.app.role.Endpoint;
import network.tachi.app.role.RoleProcess;
import network.tachi.evm.UsdcAmount;
import network.tachi.oracle.OracleConfig;
import network.tachi.oracle.OracleKeys;
import network.tachi.store.DatabaseRole;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the oracle in a process of its own. */
@Command(
    name = "oracle",
    header = "Attests usage, signs epochs and posts their headers on both chains.",
    description = {
      "Runs until Ctrl-C. A second one waits until the first is gone. The folder of watermarks says"
          + " what was",
      "signed: it must not be lost, nor be shared by two that sign."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = {
      "  ./tachi oracle --network base,ethereum --database jdbc:postgresql://db:5432/tachi --listen"
          + " 0.0.0.0:8081",
      "      --attestation-key file:/run/secrets/attestation --root-keys"
          + " file:/run/secrets/root1,file:/run/secrets/root2 --threshold 2",
      "      --settlement-key file:/run/secrets/poster --anchor-key file:/run/secrets/anchorer"
          + " --watermarks /var/lib/tachi/watermarks"
    })
final class OracleCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private RoleOptions options = new RoleOptions();

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where gateways report usage, by gRPC (${DEFAULT-VALUE}).",
      defaultValue = "127.0.0.1:8081")
  private String listen = "";

  @Option(
      names = "--attestation-key",
      required = true,
      paramLabel = "REF",
      description = "Private key that signs attestations: env:NAME or file:PATH.")
  private String attestationKey = "";

  @Option(
      names = "--root-keys",
      required = true,
      paramLabel = "REFS",
      description = "Private keys that sign headers, comma separated.")
  private String rootKeys = "";

  @Option(
      names = "--threshold",
      paramLabel = "K",
      description = "How many of them must sign (${DEFAULT-VALUE}).",
      defaultValue = "2")
  private int threshold;

  @Option(
      names = "--config-version",
      paramLabel = "N",
      description = "The signer configuration on chain that these keys are (${DEFAULT-VALUE}).",
      defaultValue = "1")
  private long configVersion;

  @Option(
      names = "--settlement-key",
      required = true,
      paramLabel = "REF",
      description = "Private key of the account that posts headers.")
  private String settlementKey = "";

  @Option(
      names = "--anchor-key",
      required = true,
      paramLabel = "REF",
      description = "Private key of the account that anchors headers.")
  private String anchorKey = "";

  @Option(
      names = "--epoch-length",
      paramLabel = "SECONDS",
      description = "The least time between two headers (${DEFAULT-VALUE}).",
      defaultValue = "900")
  private long epochSeconds;

  @Option(
      names = "--max-idle",
      paramLabel = "SECONDS",
      description = "The most time between two headers when nothing was logged (${DEFAULT-VALUE}).",
      defaultValue = "86400")
  private long idleSeconds;

  @Option(
      names = "--bond-top-up",
      paramLabel = "USDC",
      description =
          "Deposited to the bond each time it no longer covers what is pending (${DEFAULT-VALUE}:"
              + " never).",
      defaultValue = "0")
  private String bondTopUp = "";

  @Option(
      names = "--watermarks",
      paramLabel = "FOLDER",
      description = "What was signed so far, kept apart from the database (default .tachi/oracle).")
  private @org.jspecify.annotations.Nullable Path watermarks;

  @Override
  public Integer call() throws Exception {
    Console console = new Console(spec.commandLine().getOut());
    try (StopSignal signal = StopSignal.listen()) {
      Endpoint at = Endpoint.parse("--listen", listen);
      OracleConfig config = config();
      OracleKeys keys =
          new OracleKeys(
              configVersion,
              threshold,
              Keys.read("--attestation-key", attestationKey),
              Keys.readAll("--root-keys", rootKeys),
              Keys.read("--settlement-key", settlementKey),
              Keys.read("--anchor-key", anchorKey));
      try (RoleProcess process =
          new RoleProcess(options.network(), options.database(DatabaseRole.ORACLE))) {
        process.oracle(config, keys, at);
        options.serve(process, "The oracle listens on " + at, console, signal);
        return 0;
      }
    }
  }

  private OracleConfig config() {
    Path folder = watermarks == null ? Homes.state().oracle() : watermarks;
    try {
      return OracleConfig.local(folder)
          .withPace(Duration.ofSeconds(epochSeconds), Duration.ofSeconds(idleSeconds))
          .withBondTopUp(UsdcAmount.parseUsdc(bondTopUp));
    } catch (IllegalArgumentException e) {
      throw new UserError("oracle: " + e.getMessage(), e);
    }
  }
}
