package network.tachi.queryapi;

import static java.util.Objects.requireNonNull;

import java.time.InstantSource;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.ContractName;
import network.tachi.contracts.wire.WireDomain;
import network.tachi.evm.Secp256k1;
import network.tachi.server.Health;
import network.tachi.server.Metrics;
import network.tachi.server.RateLimiter;
import network.tachi.server.Readiness;
import network.tachi.server.TachiServer;
import network.tachi.store.Database;

/**
 * A running query API: the services of {@code tachi.v1} by gRPC and by REST {@code /v1}, on one
 * port. It reads what indexer and oracle wrote and writes nothing but policies.
 */
public final class QueryApiRole implements AutoCloseable {
  private static final String NAME = "query-api";
  private static final long MAX_CLIENTS = 100_000;

  private final TachiServer server;
  private final Pulse pulse;

  private QueryApiRole(TachiServer server, Pulse pulse) {
    this.server = server;
    this.pulse = pulse;
  }

  /**
   * Starts a query API.
   *
   * @param config how it runs
   * @param database opened by the role {@code QUERY_API}; stays open when the query API closes
   * @param metrics where it shows itself
   * @param health where it says whether it is ready, as {@code query-api}
   * @param clock for the time that policies are taken at
   * @throws network.tachi.server.ServerStartException if the port can't be opened
   * @throws network.tachi.chainconfig.ConfigException if the network's contracts are not deployed
   */
  public static QueryApiRole start(
      QueryApiConfig config,
      Database database,
      Metrics metrics,
      Health health,
      InstantSource clock) {
    requireNonNull(config, "config is null");
    Snapshots snapshots = new Snapshots(database);
    Heads heads = new Heads(config.network());
    Pulse pulse = new Pulse(database, snapshots, heads);
    TachiServer.Builder builder =
        TachiServer.builder(NAME)
            .bind(config.host(), config.port())
            .limits(config.limits().server())
            .rateLimiter(
                RateLimiter.perClient(
                    config.limits().requestsPerSecond(), config.limits().burst(), MAX_CLIENTS))
            .metrics(metrics)
            .health(health);
    addServices(builder, config, snapshots, heads, clock);
    health.role(NAME, pulse.readiness());
    TachiServer server = Routes.addTo(builder).start();
    pulse.start();
    return new QueryApiRole(server, pulse);
  }

  private static void addServices(
      TachiServer.Builder builder,
      QueryApiConfig config,
      Snapshots snapshots,
      Heads heads,
      InstantSource clock) {
    ChainSettings settlement = config.network().settlement();
    Publishers publishers =
        new Publishers(
            heads, settlement.address(ContractName.PAYMENT_PROCESSOR), config.vaultInitCodeHash());
    Policies policies = new Policies();
    Payments payments = new Payments();
    Epochs epochs = new Epochs(heads);
    Claims claims = new Claims(heads, publishers, epochs, new Settlements());
    builder
        .grpc(new DiscoveryGrpcService(snapshots, heads, publishers, policies))
        .grpc(
            new VerificationGrpcService(
                snapshots,
                heads,
                publishers,
                payments,
                epochs,
                new LogProofs(new UsageLog(), epochs),
                claims))
        .grpc(
            new AnalyticsGrpcService(
                snapshots, heads, payments, new Ledgers(heads, publishers, claims)))
        .grpc(
            new PolicyGrpcService(
                snapshots,
                publishers,
                policies,
                WireDomain.license(
                    settlement.chain(), settlement.address(ContractName.CRAWL_LICENSE)),
                Secp256k1.best(),
                clock));
  }

  /** Whether the database answers and holds something of every chain. */
  public Readiness readiness() {
    return pulse.readiness();
  }

  /** The port it listens on. */
  public int port() {
    return server.port();
  }

  /** Its base address, such as {@code http://127.0.0.1:8080}. */
  public String url() {
    return server.url();
  }

  /** Lets requests in work end, then stops. */
  @Override
  public void close() {
    server.close();
    pulse.close();
  }
}
