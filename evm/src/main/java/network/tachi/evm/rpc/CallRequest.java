package network.tachi.evm.rpc;

import java.math.BigInteger;
import java.util.StringJoiner;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hex;
import org.jspecify.annotations.Nullable;

/**
 * A call to run without a transaction, or to estimate.
 *
 * @param from the sender; null for the zero address
 * @param to the receiver; null creates a contract
 * @param value wei
 * @param data call data or init code
 */
public record CallRequest(
    @Nullable Address from, @Nullable Address to, BigInteger value, Bytes data) {
  /** A call of a contract from nobody. */
  public static CallRequest to(Address to, Bytes data) {
    return new CallRequest(null, to, BigInteger.ZERO, data);
  }

  /** A call of a contract by an account. */
  public static CallRequest of(Address from, Address to, Bytes data) {
    return new CallRequest(from, to, BigInteger.ZERO, data);
  }

  /** A creation of a contract by an account. */
  public static CallRequest create(Address from, Bytes initCode) {
    return new CallRequest(from, null, BigInteger.ZERO, initCode);
  }

  /** The JSON parameter. */
  String toJson() {
    StringJoiner out = Json.object();
    if (from != null) {
      out.add(Json.member("from", Json.plain(from)));
    }
    if (to != null) {
      out.add(Json.member("to", Json.plain(to)));
    }
    if (value.signum() != 0) {
      out.add(Json.member("value", Json.plain(Hex.quantity(value))));
    }
    return out.add(Json.member("data", Json.plain(data))).toString();
  }
}
