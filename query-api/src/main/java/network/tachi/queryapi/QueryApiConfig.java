package network.tachi.queryapi;

import static java.util.Objects.requireNonNull;

import network.tachi.chainconfig.ChainSettings;
import network.tachi.chainconfig.ContractName;
import network.tachi.chainconfig.Network;
import network.tachi.contracts.call.PaymentProcessorCalls;
import network.tachi.evm.AbiException;
import network.tachi.evm.Hash;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.RpcException;
import network.tachi.server.ServerLimits;

/**
 * How a query API runs.
 *
 * @param host to listen on
 * @param port to listen on; 0 takes a free one
 * @param network with the addresses of its contracts
 * @param vaultInitCodeHash what vault addresses of the settlement chain are made of (wire.md
 *     section 1)
 * @param limits what is taken from clients
 */
public record QueryApiConfig(
    String host, int port, Network network, Hash vaultInitCodeHash, Limits limits) {
  private static final int MAX_PORT = 65_535;

  /**
   * What is taken from clients.
   *
   * @param server sizes, times and concurrency
   * @param requestsPerSecond of one client
   * @param burst of one client
   */
  public record Limits(ServerLimits server, double requestsPerSecond, int burst) {
    /** The server's defaults, and 500 requests a second with bursts of 1,000. */
    public static final Limits DEFAULTS = new Limits(ServerLimits.defaults(), 500, 1000);

    /** Checks that nothing is missing. */
    public Limits {
      requireNonNull(server, "server is null");
    }
  }

  /** Checks the values. */
  public QueryApiConfig {
    requireNonNull(host, "host is null");
    requireNonNull(network, "network is null");
    requireNonNull(vaultInitCodeHash, "vaultInitCodeHash is null");
    requireNonNull(limits, "limits is null");
    if (port < 0 || port > MAX_PORT) {
      throw new InvalidValueException("query API port", "0 to " + MAX_PORT, Integer.toString(port));
    }
  }

  /**
   * A query API with the usual limits, on a free port of this machine. The chain is asked once, for
   * what vault addresses are made of.
   *
   * @param settlement a node of the settlement chain
   * @throws QueryApiStartException if the chain can't be asked
   */
  public static QueryApiConfig of(Network network, EthRpc settlement) {
    ChainSettings chain = network.settlement();
    try {
      Hash hash =
          PaymentProcessorCalls.vaultInitCodeHash()
              .ask(settlement, chain.address(ContractName.PAYMENT_PROCESSOR), BlockTag.LATEST);
      return new QueryApiConfig("127.0.0.1", 0, network, hash, Limits.DEFAULTS);
    } catch (RpcException | AbiException e) {
      throw new QueryApiStartException(
          "the query API can't ask the PaymentProcessor of chain "
              + chain.key()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /** The same on another address. */
  public QueryApiConfig listen(String newHost, int newPort) {
    return new QueryApiConfig(newHost, newPort, network, vaultInitCodeHash, limits);
  }

  /** The same with other limits. */
  public QueryApiConfig withLimits(Limits newLimits) {
    return new QueryApiConfig(host, port, network, vaultInitCodeHash, newLimits);
  }
}
