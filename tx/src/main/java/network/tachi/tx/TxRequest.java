package network.tachi.tx;

import static java.util.Objects.requireNonNull;

import java.math.BigInteger;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;

/**
 * What is to be sent, once. (chain, kind, key) is its identity: asking again for the same is no
 * second transaction.
 *
 * @param chain the chain to send it on
 * @param kind what it does, such as {@code post-header}
 * @param key which one of its kind, such as an epoch's number
 * @param to the contract
 * @param data the call data
 * @param value wei to send along
 */
public record TxRequest(
    ChainId chain, String kind, String key, Address to, Bytes data, BigInteger value) {
  /** Checks that nothing is missing. */
  public TxRequest {
    requireNonNull(chain, "chain is null");
    requireNonNull(to, "to is null");
    requireNonNull(data, "data is null");
    if (kind.isEmpty() || key.isEmpty()) {
      throw new IllegalArgumentException("kind and key must not be empty");
    }
    if (value.signum() < 0) {
      throw new IllegalArgumentException("value must not be negative, found " + value);
    }
  }

  /** A call without value. */
  public static TxRequest call(ChainId chain, String kind, String key, Address to, Bytes data) {
    return new TxRequest(chain, kind, key, to, data, BigInteger.ZERO);
  }
}
