package network.tachi.app;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import network.tachi.app.local.LocalDeployment;
import network.tachi.app.local.LocalNetwork;
import network.tachi.chainconfig.Network;
import network.tachi.chainconfig.Secret;
import network.tachi.contracts.deploy.DeploymentParameters;
import network.tachi.contracts.deploy.Windows;
import network.tachi.contracts.wire.SignerConfig;
import network.tachi.evm.Address;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.Signer;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.JsonRpcOptions;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.store.DatabaseSettings;
import network.tachi.store.EmbeddedDatabase;
import network.tachi.store.EmbeddedOptions;
import network.tachi.store.Migrations;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Deploys the contracts of a network and writes their addresses where every role reads them. */
@Command(
    name = "deploy",
    header = "Deploys the contracts of a network.",
    description = {
      "By CREATE2, so that the parameters alone decide the addresses. Safe to run twice: what"
          + " stands is checked and left alone, and a run that was killed goes on where it stopped."
          + " Then reads everything back. Writes .tachi/deployments/<network>.yaml.",
      "--dry-run only says what it would cost; --check only reads back what stands. Both need no"
          + " key if --admin names the admin.",
      "Endpoints come from the network's file or from TACHI_<CHAIN>_RPC, for example"
          + " TACHI_BASE_SEPOLIA_RPC."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./tachi deploy --network local",
      "  ./tachi deploy --network base-sepolia,sepolia --keystore admin.json --password"
          + " env:ADMIN_PASSWORD \\",
      "      --registrar 0x.. --arbiter 0x.. --fee-recipient 0x.. --signers 0x..,0x..,0x.."
          + " --threshold 2 --attestation-key 0x.. --owner 0x..",
      "  The same with --dry-run: what would it cost? With --check: is all as it should be?"
    })
final class DeployCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--network",
      required = true,
      paramLabel = "NAME",
      description =
          "local; base, ethereum, base-sepolia or sepolia; or both of a pair:"
              + " base-sepolia,sepolia or base,ethereum. One of a pair takes the same options as"
              + " both, since they decide the addresses.")
  private String network = "";

  @Option(
      names = "--key",
      paramLabel = "REF",
      description = "The admin's private key: env:NAME or file:PATH.")
  private @Nullable String key;

  @Option(
      names = "--keystore",
      paramLabel = "FILE",
      description = "The admin's key as a V3 keystore; goes with --password.")
  private @Nullable Path keystore;

  @Option(
      names = "--password",
      paramLabel = "REF",
      description = "The keystore's password: env:NAME or file:PATH.")
  private @Nullable String password;

  @Option(
      names = "--admin",
      paramLabel = "ADDRESS",
      description = "The admin's address, for --dry-run and --check without its key.")
  private @Nullable String admin;

  @Option(
      names = "--owner",
      paramLabel = "ADDRESS",
      description =
          "The multisig that the contracts are proposed to; it must accept. Needed where real"
              + " money is.")
  private @Nullable String owner;

  @Option(
      names = "--dry-run",
      description = "Sends nothing: lets the nodes simulate what is missing and says the cost.")
  private boolean dryRun;

  @Option(
      names = "--check",
      description = "Sends nothing: reads back code, parameters, settings and owners.")
  private boolean checkOnly;

  @Option(
      names = "--epoch-length",
      paramLabel = "SECONDS",
      description = "The least time between two headers, as the oracle will be run (default 900).")
  private long epochSeconds = 900;

  @Option(
      names = "--registrar",
      paramLabel = "ADDRESS",
      description = "Says which domain claims were proven.")
  private @Nullable String registrar;

  @Option(names = "--arbiter", paramLabel = "ADDRESS", description = "Rules on disputes.")
  private @Nullable String arbiter;

  @Option(names = "--fee-recipient", paramLabel = "ADDRESS", description = "Gets the protocol fee.")
  private @Nullable String feeRecipient;

  @Option(
      names = "--fee-bps",
      paramLabel = "N",
      description = "Protocol fee in basis points, 0 to 500 (default 250).")
  private int feeBps = 250;

  @Option(
      names = "--signers",
      paramLabel = "ADDRESSES",
      description = "Root signers, comma separated.")
  private @Nullable String signers;

  @Option(
      names = "--threshold",
      paramLabel = "K",
      description = "How many of them must sign a header.")
  private int threshold = 2;

  @Option(
      names = "--attestation-key",
      paramLabel = "ADDRESS",
      description = "Signs usage attestations.")
  private @Nullable String attestationKey;

  @Option(
      names = "--database",
      paramLabel = "JDBC-URL",
      description =
          "PostgreSQL 18 that keeps the transactions under way (default: the embedded one in"
              + " .tachi/); passwords from TACHI_DB_PASSWORD.")
  private @Nullable String database;

  @Override
  public Integer call() {
    Console console = new Console(spec.commandLine().getOut());
    if (dryRun && checkOnly) {
      throw new UserError("--dry-run and --check: give one of them");
    }
    if (network.equals(LocalNetwork.NAME)) {
      if (dryRun || checkOnly) {
        throw new UserError("--dry-run and --check are for public networks");
      }
      withDatabase(settings -> local(settings, console));
      return 0;
    }
    PublicDeployment deployment =
        new PublicDeployment(
            PublicNetwork.of(network), System.getenv(), Homes.state().deployments(), console);
    DeploymentParameters parameters = parameters(deployment.name());
    Optional<Address> newOwner =
        owner == null ? Optional.empty() : Optional.of(address("--owner", owner));
    deployment.requireSafe(parameters, Duration.ofSeconds(epochSeconds), newOwner);
    if (dryRun) {
      deployment.estimate(parameters, newOwner);
      return 0;
    }
    if (checkOnly) {
      return deployment.check(parameters, newOwner) ? 0 : CommandLine.ExitCode.SOFTWARE;
    }
    Signer signer = AdminKey.of(key, keystore, password);
    withDatabase(settings -> deployment.deploy(parameters, newOwner, signer, settings));
    return deployment.check(parameters, newOwner) ? 0 : CommandLine.ExitCode.SOFTWARE;
  }

  private void withDatabase(Consumer<DatabaseSettings> work) {
    Homes.state().create();
    if (database != null) {
      String secret = Secret.read("env:TACHI_DB_PASSWORD", "--database", System.getenv());
      work.accept(DatabaseSettings.of(database, secret));
      return;
    }
    EmbeddedDatabase embedded =
        EmbeddedDatabase.start(EmbeddedOptions.in(Homes.state().postgres()));
    try {
      work.accept(embedded.settings());
    } finally {
      if (!embedded.isAdopted()) {
        embedded.close();
      }
    }
  }

  private void local(DatabaseSettings settings, Console console) {
    Network bare = Network.bare(network, System.getenv());
    Migrations.migrate(settings);
    Path file = Network.deploymentFile(Homes.state().deployments(), bare.name());
    try (Database db = Database.open(settings, DatabaseRole.DEPLOY, 6);
        JsonRpcClient settlement = client(bare.settlement().rpc());
        JsonRpcClient anchor = client(bare.anchor().rpc())) {
      new LocalDeployment(bare, new EthRpc(settlement), new EthRpc(anchor), db, console).run(file);
      console.line("Addresses: " + file);
    }
  }

  private static JsonRpcClient client(List<URI> rpc) {
    return new JsonRpcClient(rpc.getFirst(), JsonRpcOptions.DEFAULTS);
  }

  /** Who deploys: decides the addresses. */
  private Address admin() {
    boolean noKey = key == null && keystore == null;
    if (admin != null && noKey && (dryRun || checkOnly)) {
      return address("--admin", admin);
    }
    Address ofKey = AdminKey.of(key, keystore, password).address();
    if (admin != null && !ofKey.equals(address("--admin", admin))) {
      throw new UserError("--admin: expected the key's account " + ofKey + ", found " + admin);
    }
    return ofKey;
  }

  private DeploymentParameters parameters(String name) {
    List<Address> roots =
        Arrays.stream(required("--signers", signers).split(",", -1))
            .map(each -> address("--signers", each))
            .sorted()
            .toList();
    if (threshold < 1 || threshold > roots.size()) {
      throw new UserError(
          "--threshold: expected 1 to "
              + roots.size()
              + ", the number of signers, found "
              + threshold);
    }
    return new DeploymentParameters(
        name,
        admin(),
        address("--registrar", registrar),
        address("--arbiter", arbiter),
        address("--fee-recipient", feeRecipient),
        feeBps,
        DeploymentParameters.DEMAND_FEE,
        new SignerConfig(1, threshold, roots, address("--attestation-key", attestationKey)),
        Windows.production());
  }

  private static Address address(String option, @Nullable String text) {
    String given = required(option, text);
    try {
      return Address.parse(given);
    } catch (InvalidValueException e) {
      throw new UserError(option + ": expected " + e.expected() + ", found " + given, e);
    }
  }

  private static String required(String option, @Nullable String text) {
    if (text == null) {
      throw new UserError(option + " is needed on a public network");
    }
    return text;
  }
}
