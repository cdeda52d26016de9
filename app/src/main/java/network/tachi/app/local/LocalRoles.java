package network.tachi.app.local;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import network.tachi.app.Console;
import network.tachi.app.UserError;
import network.tachi.chainconfig.Network;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.JsonRpcClient;
import network.tachi.evm.rpc.JsonRpcOptions;
import network.tachi.gateway.GatewayConfig;
import network.tachi.gateway.GatewayRole;
import network.tachi.gateway.Origins;
import network.tachi.indexer.IndexedChain;
import network.tachi.indexer.IndexerRole;
import network.tachi.indexer.IndexerSettings;
import network.tachi.oracle.OracleConfig;
import network.tachi.oracle.OracleKeys;
import network.tachi.oracle.OracleRole;
import network.tachi.queryapi.QueryApiConfig;
import network.tachi.queryapi.QueryApiRole;
import network.tachi.server.Health;
import network.tachi.server.Metrics;
import network.tachi.server.Readiness;
import network.tachi.server.TachiServer;
import network.tachi.store.Database;
import network.tachi.store.DatabaseRole;
import network.tachi.store.DatabaseSettings;

/**
 * All roles of the local network in one process. They still speak to each other only as they would
 * between processes: by the database, by gRPC, by the chains.
 */
public final class LocalRoles implements AutoCloseable {
  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final Map<String, Readiness> readiness = new TreeMap<>();
  private final Health health = Health.create();
  private final Metrics metrics = Metrics.ofProcess();
  private final InstantSource clock = InstantSource.system();
  private final LocalNetwork local;
  private final Network network;

  private LocalRoles(LocalNetwork local) {
    this.local = local;
    this.network = local.network();
  }

  /** Starts every role; they are ready a little later. */
  public static LocalRoles start(LocalNetwork local, Ports ports, LocalHome home) {
    LocalRoles roles = new LocalRoles(local);
    boolean done = false;
    try {
      roles.startIndexer();
      roles.startOracle(ports, home);
      roles.startQueryApi(ports);
      roles.startGateway(ports);
      done = true;
      return roles;
    } finally {
      if (!done) {
        roles.close();
      }
    }
  }

  private void startIndexer() {
    IndexerRole indexer =
        keep(
            new IndexerRole(
                List.of(
                    new IndexerRole.Source(
                        IndexedChain.of(network.settlement()), client(local.base())),
                    new IndexerRole.Source(
                        IndexedChain.of(network.anchor()), client(local.ethereum()))),
                database(DatabaseRole.INDEXER, 6),
                metrics.registry(),
                clock,
                IndexerSettings.DEFAULT));
    indexer.start();
    add("indexer", readiness(indexer));
  }

  private static Readiness readiness(IndexerRole indexer) {
    return Readiness.create()
        .check(
            "chains",
            () -> {
              var reasons = indexer.notReady();
              return reasons.isEmpty()
                  ? Readiness.State.ready()
                  : Readiness.State.notReady("indexer_behind", reasons.toString());
            });
  }

  private void startOracle(Ports ports, LocalHome home) {
    OracleKeys keys =
        new OracleKeys(
            1,
            LocalAccount.signerConfig().threshold(),
            LocalAccount.ATTESTATION.signer(),
            LocalAccount.rootSigners().stream().map(LocalAccount::signer).toList(),
            LocalAccount.ORACLE_BASE.signer(),
            LocalAccount.ORACLE_ETHEREUM.signer());
    OracleRole oracle =
        keep(
            OracleRole.create(
                OracleConfig.local(home.oracle()),
                keys,
                network,
                database(DatabaseRole.ORACLE, 10),
                new EthRpc(client(local.base())),
                new EthRpc(client(local.ethereum())),
                metrics.registry(),
                clock));
    oracle.start();
    add("oracle", oracle.readiness());
    keep(
        TachiServer.builder("oracle")
            .bind(LOOPBACK, ports.oracle())
            .admin(LOOPBACK, ports.admin())
            .health(health)
            .metrics(metrics)
            .grpc(oracle.usageService())
            .start());
  }

  private void startQueryApi(Ports ports) {
    keep(
        QueryApiRole.start(
            QueryApiConfig.of(network, local.base().rpc()).listen(LOOPBACK, ports.queryApi()),
            database(DatabaseRole.QUERY_API, 12),
            metrics,
            health,
            clock));
  }

  private void startGateway(Ports ports) {
    keep(DemoSite.start(ports.site()));
    Origins origins = Origins.forAll(URI.create("http://" + LOOPBACK + ":" + ports.site()));
    keep(
        GatewayRole.start(
            GatewayConfig.of(network, origins, LOOPBACK + ":" + ports.oracle())
                .listen(LOOPBACK, ports.gateway()),
            database(DatabaseRole.GATEWAY, 16),
            new EthRpc(client(local.base())),
            LocalAccount.GATEWAY_BASE.signer(),
            metrics,
            health,
            clock));
  }

  private Database database(DatabaseRole role, int connections) {
    DatabaseSettings settings = local.database();
    return keep(Database.open(settings, role, connections));
  }

  private JsonRpcClient client(LocalChain chain) {
    URI uri = chain.uri();
    return keep(new JsonRpcClient(uri, JsonRpcOptions.DEFAULTS));
  }

  private <T extends AutoCloseable> T keep(T part) {
    started.push(part);
    return part;
  }

  /**
   * Waits until every role is ready.
   *
   * @throws UserError if one is not within a minute; the message says which and why
   */
  public void awaitReady(Console console) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!health.isReady()) {
      if (System.nanoTime() > deadline) {
        throw new UserError("not ready after " + PATIENCE.toSeconds() + " s: " + reasons());
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      if (Thread.currentThread().isInterrupted()) {
        throw new UserError("stopped before everything was ready");
      }
    }
    console.step("indexer, oracle, gateway and query API are ready");
  }

  private String reasons() {
    return readiness.entrySet().stream()
        .filter(role -> !role.getValue().failures().isEmpty())
        .map(role -> role.getKey() + " " + role.getValue().failures())
        .collect(Collectors.joining("; "));
  }

  private void add(String role, Readiness checks) {
    readiness.put(role, checks);
    health.role(role, checks);
  }

  /** Stops the roles, last started first. */
  @Override
  public void close() {
    while (!started.isEmpty()) {
      AutoCloseable part = started.pop();
      try {
        part.close();
      } catch (Exception e) {
        System.getLogger(LocalRoles.class.getName())
            .log(System.Logger.Level.WARNING, "a part did not stop in order", e);
      }
    }
  }
}
