package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.ContractName;
import network.tachi.chainconfig.Network;
import network.tachi.evm.InvalidValueException;
import network.tachi.tx.SendPolicy;

/**
 * How a gateway runs.
 *
 * @param name of this gateway among those that share a database; a restarted one releases what it
 *     left
 * @param settlement the chain that is paid on
 * @param host to listen on
 * @param port to listen on; 0 takes a free one
 * @param scheme by which clients reach it, {@code http} or {@code https}
 * @param origins where content is fetched
 * @param oracleTarget of the oracle's gRPC, {@code host:port}
 * @param window how long a paid response is kept for a client that lost it
 * @param settleTimeout how long a request waits for its settlement
 * @param attestTimeout how long it waits for its attestation
 * @param originTimeout how long it waits for the origin
 * @param siteFreshness how long a licence and its policy are used without looking again
 * @param limits what is taken from clients and origins
 * @param sendPolicy how settlements are sent
 */
public record GatewayConfig(
    String name,
    Settlement settlement,
    String host,
    int port,
    String scheme,
    Origins origins,
    String oracleTarget,
    Duration window,
    Duration settleTimeout,
    Duration attestTimeout,
    Duration originTimeout,
    Duration siteFreshness,
    Limits limits,
    SendPolicy sendPolicy) {
  private static final Duration MARGIN = Duration.ofSeconds(5);

  /**
   * What is taken from clients and origins.
   *
   * @param requestBodyBytes longest body of a request
   * @param headerBytes longest header of a request
   * @param responseBytes longest answer of an origin
   * @param concurrentRequests in work at a time
   * @param requestsPerSecond of one client
   * @param burst of one client
   */
  public record Limits(
      int requestBodyBytes,
      int headerBytes,
      int responseBytes,
      int concurrentRequests,
      double requestsPerSecond,
      int burst) {
    /**
     * 1 MiB bodies, 16 KiB headers, 16 MiB answers, 512 at a time, 200 a second with bursts of 400.
     */
    public static final Limits DEFAULTS = new Limits(1 << 20, 16 << 10, 16 << 20, 512, 200, 400);
  }

  /** Checks the values. */
  public GatewayConfig {
    requireNonNull(name, "name is null");
    requireNonNull(settlement, "settlement is null");
    requireNonNull(host, "host is null");
    requireNonNull(origins, "origins is null");
    requireNonNull(oracleTarget, "oracleTarget is null");
    requireNonNull(limits, "limits is null");
    requireNonNull(sendPolicy, "sendPolicy is null");
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new InvalidValueException("scheme", "http or https", scheme);
    }
    requirePositive("window", window);
    requirePositive("settleTimeout", settleTimeout);
    requirePositive("attestTimeout", attestTimeout);
    requirePositive("originTimeout", originTimeout);
    requirePositive("siteFreshness", siteFreshness);
  }

  /** A gateway with the usual times and limits, on a free port of this machine. */
  public static GatewayConfig of(Network network, Origins origins, String oracleTarget) {
    return of(settlement(network), origins, oracleTarget);
  }

  /** A gateway with the usual times and limits, on a free port of this machine. */
  public static GatewayConfig of(Settlement settlement, Origins origins, String oracleTarget) {
    return new GatewayConfig(
        "gateway",
        settlement,
        "127.0.0.1",
        0,
        "http",
        origins,
        oracleTarget,
        Duration.ofMinutes(15),
        Duration.ofSeconds(30),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(1),
        Limits.DEFAULTS,
        SendPolicy.BASE);
  }

  /** What payments need to know of a network's settlement chain. */
  public static Settlement settlement(Network network) {
    ChainSettings chain = network.settlement();
    return new Settlement(
        chain.chain(),
        chain.usdc().address(),
        chain.usdc().name(),
        chain.usdc().version(),
        chain.address(ContractName.PAYMENT_PROCESSOR),
        chain.address(ContractName.CREDIT_ESCROW),
        chain.address(ContractName.METERING_LEDGER));
  }

  /** This gateway on another address. */
  public GatewayConfig listen(String newHost, int newPort) {
    return new GatewayConfig(
        name,
        settlement,
        newHost,
        newPort,
        scheme,
        origins,
        oracleTarget,
        window,
        settleTimeout,
        attestTimeout,
        originTimeout,
        siteFreshness,
        limits,
        sendPolicy);
  }

  /** This gateway under another name. */
  public GatewayConfig called(String newName) {
    return new GatewayConfig(
        newName,
        settlement,
        host,
        port,
        scheme,
        origins,
        oracleTarget,
        window,
        settleTimeout,
        attestTimeout,
        originTimeout,
        siteFreshness,
        limits,
        sendPolicy);
  }

  /** This gateway where clients reach it by another scheme. */
  public GatewayConfig reachedBy(String newScheme) {
    return new GatewayConfig(
        name,
        settlement,
        host,
        port,
        newScheme,
        origins,
        oracleTarget,
        window,
        settleTimeout,
        attestTimeout,
        originTimeout,
        siteFreshness,
        limits,
        sendPolicy);
  }

  /** This gateway with other limits. */
  public GatewayConfig withLimits(Limits newLimits) {
    return new GatewayConfig(
        name,
        settlement,
        host,
        port,
        scheme,
        origins,
        oracleTarget,
        window,
        settleTimeout,
        attestTimeout,
        originTimeout,
        siteFreshness,
        newLimits,
        sendPolicy);
  }

  /** This gateway with other times to wait for settlement, attestation and origin. */
  public GatewayConfig withTimeouts(Duration settle, Duration attest, Duration fetch) {
    return new GatewayConfig(
        name,
        settlement,
        host,
        port,
        scheme,
        origins,
        oracleTarget,
        window,
        settle,
        attest,
        fetch,
        siteFreshness,
        limits,
        sendPolicy);
  }

  /** How long a request may hold a reservation while it fetches the content. */
  Duration fetchLease() {
    return originTimeout.plus(MARGIN);
  }

  /** How long a request may hold a stored response while it reports it. */
  Duration reportLease() {
    return attestTimeout.plus(MARGIN);
  }

  private static void requirePositive(String field, Duration value) {
    if (!value.isPositive()) {
      throw new InvalidValueException(field, "more than 0", value.toString());
    }
  }
}
