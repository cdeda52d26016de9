package network.tachi.evm.rpc.pool;

import java.time.Duration;
import java.util.Optional;
import network.tachi.evm.ChainId;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.rpc.JsonRpcOptions;

/**
 * How a pool works.
 *
 * @param client limits of each endpoint's client
 * @param chain the chain that each endpoint must serve, if that is to be checked
 * @param hedgeQuantile the share of a method's requests, from 0 to 1, that are answered before a
 *     second endpoint is asked
 * @param hedgeAfterAtLeast a second endpoint is never asked sooner
 * @param hedgeAfterAtMost nor later, if there is one
 * @param probeInterval the time until an unfit endpoint is probed first; it doubles up to
 *     sixteenfold
 * @param maxCallers requests under way and waiting; more are refused at once
 */
public record PoolOptions(
    JsonRpcOptions client,
    Optional<ChainId> chain,
    double hedgeQuantile,
    Duration hedgeAfterAtLeast,
    Duration hedgeAfterAtMost,
    Duration probeInterval,
    int maxCallers) {
  /** What suits public endpoints and a node of one's own alike; no chain is checked. */
  public static final PoolOptions DEFAULTS =
      new PoolOptions(
          JsonRpcOptions.DEFAULTS,
          Optional.empty(),
          0.9,
          Duration.ofMillis(50),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          1_024);

  /** Checks the ranges. */
  public PoolOptions {
    if (!(hedgeQuantile > 0 && hedgeQuantile < 1)) {
      throw new InvalidValueException(
          "hedge quantile", "between 0 and 1", Double.toString(hedgeQuantile));
    }
    if (!hedgeAfterAtLeast.isPositive() || hedgeAfterAtMost.compareTo(hedgeAfterAtLeast) < 0) {
      throw new InvalidValueException(
          "hedge delay", "0 < least <= most", hedgeAfterAtLeast + " to " + hedgeAfterAtMost);
    }
    if (!probeInterval.isPositive()) {
      throw new InvalidValueException("probe interval", "more than 0", probeInterval.toString());
    }
    if (maxCallers < 1) {
      throw new InvalidValueException("max callers", "1 or more", Integer.toString(maxCallers));
    }
  }

  /** These options for a chain, which each endpoint must serve. */
  public PoolOptions forChain(ChainId value) {
    return new PoolOptions(
        client,
        Optional.of(value),
        hedgeQuantile,
        hedgeAfterAtLeast,
        hedgeAfterAtMost,
        probeInterval,
        maxCallers);
  }

  /** These options with other limits of the clients. */
  public PoolOptions withClient(JsonRpcOptions value) {
    return new PoolOptions(
        value,
        chain,
        hedgeQuantile,
        hedgeAfterAtLeast,
        hedgeAfterAtMost,
        probeInterval,
        maxCallers);
  }

  /** These options with another time until an unfit endpoint is probed. */
  public PoolOptions withProbeInterval(Duration value) {
    return new PoolOptions(
        client, chain, hedgeQuantile, hedgeAfterAtLeast, hedgeAfterAtMost, value, maxCallers);
  }

  /** These options with another bound of callers. */
  public PoolOptions withMaxCallers(int value) {
    return new PoolOptions(
        client, chain, hedgeQuantile, hedgeAfterAtLeast, hedgeAfterAtMost, probeInterval, value);
  }
}
