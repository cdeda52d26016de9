package network.tachi.app;

import java.nio.file.Path;
import java.util.Map;
import network.tachi.app.local.LocalNetwork;
import network.tachi.app.role.Endpoint;
import network.tachi.app.role.RoleProcess;
import network.tachi.chainconfig.ChainCheck;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.Network;
import network.tachi.chainconfig.Secret;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.pool.PoolListener;
import network.tachi.evm.rpc.pool.PoolOptions;
import network.tachi.evm.rpc.pool.RpcPool;
import network.tachi.store.DatabaseRole;
import network.tachi.store.DatabaseSettings;
import network.tachi.store.Migrations;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What each role asks for that runs in a process of its own. */
final class RoleOptions {
  @Option(
      names = "--network",
      scope = ScopeType.INHERIT,
      required = true,
      paramLabel = "PAIR",
      description =
          "base,ethereum; base-sepolia,sepolia; or local. Endpoints come from the network's file or"
              + " from TACHI_<CHAIN>_RPC.")
  private String network = "";

  @Option(
      names = "--deployments",
      scope = ScopeType.INHERIT,
      paramLabel = "FOLDER",
      description = "Where ./tachi deploy wrote the addresses (default .tachi/deployments).")
  private @Nullable Path deployments;

  @Option(
      names = "--database",
      scope = ScopeType.INHERIT,
      required = true,
      paramLabel = "JDBC-URL",
      description = "PostgreSQL 18, prepared by ./tachi migrate.")
  private String database = "";

  @Option(
      names = "--database-password",
      scope = ScopeType.INHERIT,
      paramLabel = "REF",
      description = "Of this role's login: env:NAME or file:PATH (default env:TACHI_DB_PASSWORD).")
  private String password = "env:TACHI_DB_PASSWORD";

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      description = "Where /live, /ready and /metrics are; not for the public (${DEFAULT-VALUE}).",
      defaultValue = "127.0.0.1:9090")
  private String admin = "";

  /**
   * The network with the addresses of its contracts, after a look at both chains.
   *
   * @throws UserError if nothing is deployed on it
   */
  Network network() {
    if (!network.equals(LocalNetwork.NAME)) {
      PublicNetwork.of(network);
    }
    Path folder = deployments == null ? Homes.state().deployments() : deployments;
    Network loaded = Network.load(network, System.getenv(), folder);
    if (loaded.deploymentId().isEmpty()) {
      throw new UserError(
          "no addresses of "
              + network
              + " in "
              + folder
              + ": run ./tachi deploy first, or name the folder with --deployments");
    }
    for (ChainSettings chain : loaded.chains()) {
      // Without the pool's own check of the chain, so that the error names the configured one.
      try (RpcPool pool = RpcPool.open(chain.rpc(), PoolOptions.DEFAULTS, PoolListener.NONE)) {
        ChainCheck.run(chain, new EthRpc(pool));
      }
    }
    return loaded;
  }

  /** The database with the password of one role, after a look at its schema. */
  DatabaseSettings database(DatabaseRole role) {
    String secret = Secret.read(password, "--database-password", System.getenv());
    DatabaseSettings settings = new DatabaseSettings(database, Map.of(role, secret));
    Migrations.check(settings, role);
    return settings;
  }

  /** Opens the admin port, and runs until somebody asks to stop. */
  void serve(RoleProcess process, String what, Console console, StopSignal signal) {
    Endpoint health = Endpoint.parse("--admin", admin);
    process.admin(health);
    console.line(what + "; health and metrics: http://" + health);
    signal.await();
    console.line("Stopping");
  }
}
