package network.tachi.app.role;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import network.tachi.app.UserError;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.Network;
import network.tachi.evm.ChainId;
import network.tachi.evm.Signer;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.pool.PoolOptions;
import network.tachi.evm.rpc.pool.RpcPool;
import network.tachi.gateway.GatewayConfig;
import network.tachi.gateway.GatewayRole;
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
 * The roles of one process: one of them, or all. They speak to each other only as they would
 * between processes: by the database, by gRPC, by the chains.
 */
public final class RoleProcess implements AutoCloseable {
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final Map<String, Readiness> readiness = new TreeMap<>();
  private final Health health = Health.create();
  private final Metrics metrics = Metrics.ofProcess();
  private final Map<ChainId, RpcPool> pools = new HashMap<>();
  private final InstantSource clock = InstantSource.system();
  private final Network network;
  private final DatabaseSettings database;

  /**
   * A process without roles yet.
   *
   * @param network with the addresses of its contracts
   * @param database with the passwords of the roles to come
   */
  public RoleProcess(Network network, DatabaseSettings database) {
    this.network = network;
    this.database = database;
  }

  /** Starts the indexer of both chains, and returns it. */
  public IndexerRole indexer() {
    IndexerRole indexer =
        keep(
            new IndexerRole(
                List.of(source(network.settlement()), source(network.anchor())),
                open(DatabaseRole.INDEXER, 6),
                metrics.registry(),
                clock,
                IndexerSettings.DEFAULT));
    indexer.start();
    add("indexer", readiness(indexer));
    return indexer;
  }

  private IndexerRole.Source source(ChainSettings chain) {
    return new IndexerRole.Source(IndexedChain.of(chain), pool(chain), chain.heads());
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

  /** Starts the oracle, which takes usage reports by gRPC. */
  public void oracle(OracleConfig config, OracleKeys keys, Endpoint listen) {
    OracleRole oracle =
        keep(
            OracleRole.create(
                config,
                keys,
                network,
                open(DatabaseRole.ORACLE, 10),
                new EthRpc(pool(network.settlement())),
                new EthRpc(pool(network.anchor())),
                metrics.registry(),
                clock));
    oracle.start();
    add("oracle", oracle.readiness());
    keep(
        TachiServer.builder("oracle")
            .bind(listen.host(), listen.port())
            .health(health)
            .metrics(metrics)
            .grpc(oracle.usageService())
            .start());
  }

  /** Starts the query API, REST and gRPC on one port. */
  public void queryApi(Endpoint listen) {
    EthRpc settlement = new EthRpc(pool(network.settlement()));
    keep(
        QueryApiRole.start(
            QueryApiConfig.of(network, settlement).listen(listen.host(), listen.port()),
            open(DatabaseRole.QUERY_API, 12),
            metrics,
            health,
            clock));
  }

  /**
   * Starts the gateway.
   *
   * @param facilitator settles payments and pays their gas
   */
  public void gateway(GatewayConfig config, Signer facilitator) {
    keep(
        GatewayRole.start(
            config,
            open(DatabaseRole.GATEWAY, 16),
            new EthRpc(pool(network.settlement())),
            facilitator,
            metrics,
            health,
            clock));
  }

  /** Shows health and metrics of all roles of this process. */
  public void admin(Endpoint listen) {
    keep(
        TachiServer.builder("admin")
            .bind(listen.host(), listen.port())
            .adminOnMainPort()
            .health(health)
            .metrics(metrics)
            .start());
  }

  /** Something else of this process; it is closed with the roles, the last first. */
  public <T extends AutoCloseable> T keep(T part) {
    started.push(part);
    return part;
  }

  private Database open(DatabaseRole role, int connections) {
    return keep(Database.open(database, role, connections));
  }

  /** The chain's endpoints, which all roles of this process share: what one learns helps all. */
  private RpcPool pool(ChainSettings chain) {
    return pools.computeIfAbsent(
        chain.chain(),
        _ ->
            keep(
                RpcPool.open(
                    chain.rpc(),
                    PoolOptions.DEFAULTS.forChain(chain.chain()),
                    new RpcMeters(metrics.registry(), chain.chain()))));
  }

  /** True if every role is ready. */
  public boolean isReady() {
    return health.isReady();
  }

  /**
   * Waits until every role is ready.
   *
   * @throws UserError if one is not in time; the message says which and why
   */
  public void awaitReady(Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!isReady()) {
      if (System.nanoTime() > deadline) {
        throw new UserError("not ready after " + patience.toSeconds() + " s: " + reasons());
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      if (Thread.currentThread().isInterrupted()) {
        throw new UserError("stopped before everything was ready");
      }
    }
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

  /** Stops everything, last started first. */
  @Override
  public void close() {
    while (!started.isEmpty()) {
      AutoCloseable part = started.pop();
      try {
        part.close();
      } catch (Exception e) {
        System.getLogger(RoleProcess.class.getName())
            .log(System.Logger.Level.WARNING, "a part did not stop in order", e);
      }
    }
  }
}
