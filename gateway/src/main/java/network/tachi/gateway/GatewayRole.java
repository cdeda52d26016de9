package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import network.tachi.contracts.call.PaymentProcessorCalls;
import network.tachi.evm.AbiException;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.Signer;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.RpcException;
import network.tachi.server.Health;
import network.tachi.server.Metrics;
import network.tachi.server.RateLimiter;
import network.tachi.server.Readiness;
import network.tachi.server.ServerLimits;
import network.tachi.server.TachiServer;
import network.tachi.store.Database;
import network.tachi.tx.TxSender;

/** A running gateway: its HTTP server, its transaction sender and its background work. */
public final class GatewayRole implements AutoCloseable {
  private static final long MAX_CLIENTS = 100_000;

  private final TachiServer server;
  private final TxSender sender;
  private final List<Keeper> keepers;
  private final OracleClient oracle;
  private final OriginClient origin;
  private final ExecutorService executor;

  private GatewayRole(
      TachiServer server,
      TxSender sender,
      List<Keeper> keepers,
      OracleClient oracle,
      OriginClient origin,
      ExecutorService executor) {
    this.server = server;
    this.sender = sender;
    this.keepers = keepers;
    this.oracle = oracle;
    this.origin = origin;
    this.executor = executor;
  }

  /**
   * Starts a gateway, which first releases or takes up again what an earlier life left.
   *
   * @param config how it runs
   * @param database opened by the gateway's role; stays open when the gateway closes
   * @param rpc the settlement chain
   * @param facilitator the account that settles and pays the gas
   * @param metrics where it shows itself
   * @param health where it says whether it is ready, as {@code gateway}
   * @param clock for leases and windows
   * @throws GatewayStartException if the chain can't be asked
   * @throws network.tachi.server.ServerStartException if the port can't be opened
   */
  public static GatewayRole start(
      GatewayConfig config,
      Database database,
      EthRpc rpc,
      Signer facilitator,
      Metrics metrics,
      Health health,
      InstantSource clock) {
    requireNonNull(config, "config is null");
    Hash initCodeHash = vaultInitCodeHash(config.settlement(), rpc);
    ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    OracleClient oracle =
        new OracleClient(
            Grpc.newChannelBuilder(config.oracleTarget(), InsecureChannelCredentials.create())
                .executor(executor)
                .build(),
            config.attestTimeout());
    OriginClient origin =
        new OriginClient(
            config.origins(),
            config.scheme(),
            config.limits().responseBytes(),
            config.originTimeout(),
            executor);
    Assembly assembly =
        new Assembly(
            config,
            database,
            rpc,
            facilitator,
            metrics.registry(),
            clock,
            initCodeHash,
            oracle,
            origin);
    assembly.recover();
    assembly.sender().start();
    List<Keeper> keepers = assembly.keepers();
    keepers.forEach(Keeper::start);
    health.role("gateway", readiness(assembly.sender(), keepers));
    TachiServer server = serve(config, metrics, health, assembly);
    return new GatewayRole(server, assembly.sender(), keepers, oracle, origin, executor);
  }

  private static Hash vaultInitCodeHash(Settlement settlement, EthRpc rpc) {
    try {
      return PaymentProcessorCalls.vaultInitCodeHash()
          .ask(rpc, settlement.paymentProcessor(), BlockTag.LATEST);
    } catch (RpcException | AbiException e) {
      throw new GatewayStartException(
          "the gateway can't ask the PaymentProcessor "
              + settlement.paymentProcessor()
              + " on chain "
              + settlement.chain()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static TachiServer serve(
      GatewayConfig config, Metrics metrics, Health health, Assembly assembly) {
    GatewayConfig.Limits limits = config.limits();
    Duration longest =
        config
            .settleTimeout()
            .plus(config.originTimeout())
            .plus(config.attestTimeout())
            .plusSeconds(10);
    ServerLimits defaults = ServerLimits.defaults();
    return TachiServer.builder("gateway")
        .bind(config.host(), config.port())
        .limits(
            ServerLimits.builder()
                .maxBodyBytes(limits.requestBodyBytes())
                .maxHeaderBytes(limits.headerBytes())
                .maxConcurrentRequests(limits.concurrentRequests())
                .maxDeadline(
                    longest.compareTo(defaults.maxDeadline()) > 0
                        ? longest
                        : defaults.maxDeadline())
                .build())
        .rateLimiter(RateLimiter.perClient(limits.requestsPerSecond(), limits.burst(), MAX_CLIENTS))
        .metrics(metrics)
        .health(health)
        .http(assembly.facilitator()::routes)
        .http(rules -> rules.any(new FrontDoor(assembly.gatekeeper())))
        .start();
  }

  private static Readiness readiness(TxSender sender, List<Keeper> keepers) {
    Readiness readiness = Readiness.create();
    readiness.check("sender", () -> state(sender.trouble()));
    for (int i = 0; i < keepers.size(); i++) {
      Keeper keeper = keepers.get(i);
      readiness.check("background-" + i, () -> state(keeper.trouble()));
    }
    return readiness;
  }

  private static Readiness.State state(String trouble) {
    return trouble.isEmpty()
        ? Readiness.State.ready()
        : Readiness.State.notReady("upstream_unreachable", "database or chain does not answer");
  }

  /** The port it listens on. */
  public int port() {
    return server.port();
  }

  /** Its base address, such as {@code http://127.0.0.1:8080}. */
  public String url() {
    return server.url();
  }

  /** The account that settles. */
  public Address facilitator() {
    return sender.address();
  }

  /** Lets requests in work end, then stops everything it started. */
  @Override
  public void close() {
    server.close();
    keepers.forEach(Keeper::close);
    sender.close();
    oracle.close();
    origin.close();
    executor.close();
  }
}
