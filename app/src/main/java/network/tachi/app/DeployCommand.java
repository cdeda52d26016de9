package network.tachi.app;

import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import network.tachi.app.local.ContractDeployment;
import network.tachi.app.local.LocalDeployment;
import network.tachi.app.local.LocalNetwork;
import network.tachi.chainconfig.Network;
import network.tachi.chainconfig.Secret;
import network.tachi.contracts.deploy.DeploymentParameters;
import network.tachi.contracts.deploy.Windows;
import network.tachi.contracts.wire.SignerConfig;
import network.tachi.evm.Address;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.KeystoreV3;
import network.tachi.evm.PrivateKey;
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
          + " Writes .tachi/deployments/<network>.yaml.",
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
          + " --threshold 2 --attestation-key 0x.."
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
          "local, or a settlement and an anchor network: base-sepolia,sepolia or base,ethereum.")
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
    Network bare = Network.bare(network, System.getenv());
    Homes.state().create();
    if (database != null) {
      String secret = Secret.read("env:TACHI_DB_PASSWORD", "--database", System.getenv());
      deploy(bare, DatabaseSettings.of(database, secret), console);
      return 0;
    }
    EmbeddedDatabase embedded =
        EmbeddedDatabase.start(EmbeddedOptions.in(Homes.state().postgres()));
    try {
      deploy(bare, embedded.settings(), console);
    } finally {
      if (!embedded.isAdopted()) {
        embedded.close();
      }
    }
    return 0;
  }

  private void deploy(Network bare, DatabaseSettings settings, Console console) {
    Migrations.migrate(settings);
    Path file = Network.deploymentFile(Homes.state().deployments(), bare.name());
    try (Database db = Database.open(settings, DatabaseRole.DEPLOY, 6);
        JsonRpcClient settlement = client(bare.settlement().rpc());
        JsonRpcClient anchor = client(bare.anchor().rpc())) {
      EthRpc onSettlement = new EthRpc(settlement);
      EthRpc onAnchor = new EthRpc(anchor);
      if (bare.name().equals(LocalNetwork.NAME)) {
        new LocalDeployment(bare, onSettlement, onAnchor, db, console).run(file);
      } else {
        new ContractDeployment(bare, onSettlement, onAnchor, db, admin())
            .run(
                parameters(bare.name()),
                file,
                (chain, step, sent) ->
                    console.step("chain " + chain + ": " + step + (sent ? "" : " (stands)")),
                (_, _) -> {});
      }
      console.line("Addresses: " + file);
    }
  }

  private static JsonRpcClient client(List<URI> rpc) {
    return new JsonRpcClient(rpc.getFirst(), JsonRpcOptions.DEFAULTS);
  }

  private Signer admin() {
    if (keystore != null && key == null) {
      if (password == null) {
        throw new UserError("--keystore needs --password env:NAME or --password file:PATH");
      }
      String secret = Secret.read(password, "--password", System.getenv());
      return Signer.of(KeystoreV3.read(keystore, secret.toCharArray()));
    }
    if (key == null || keystore != null) {
      throw new UserError(
          "who deploys? Give either --key env:NAME (or file:PATH) or --keystore FILE");
    }
    try {
      return Signer.of(PrivateKey.parse(Secret.read(key, "--key", System.getenv())));
    } catch (InvalidValueException e) {
      throw new UserError("--key: what " + key + " holds is no private key (64 hex digits)", e);
    }
  }

  private DeploymentParameters parameters(String name) {
    Address owner = admin().address();
    List<Address> roots =
        Arrays.stream(required("--signers", signers).split(",", -1))
            .map(each -> address("--signers", each))
            .sorted()
            .toList();
    return new DeploymentParameters(
        name,
        owner,
        address("--registrar", registrar),
        address("--arbiter", arbiter),
        address("--fee-recipient", feeRecipient),
        feeBps,
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
