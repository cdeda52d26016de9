package network.tachi.evm.rpc;

import java.util.Optional;
import java.util.function.Function;

/**
 * A call to make: the method, its parameters, and how to read its result. {@link EthCalls} has
 * those of Ethereum.
 *
 * @param method the method
 * @param params the parameters, a JSON array
 * @param nullable whether a null result is handed to the reader; otherwise it is {@link
 *     RpcException.NullResult}
 * @param reader reads the result
 */
public record RpcCall<T>(String method, String params, boolean nullable, ResultReader<T> reader) {
  /** A call whose result is never null. */
  public static <T> RpcCall<T> of(String method, String params, ResultReader<T> reader) {
    return new RpcCall<>(method, params, false, reader);
  }

  /** A call whose result may be null, meaning there is none. */
  public static <T> RpcCall<Optional<T>> optional(
      String method, String params, ResultReader<T> reader) {
    return new RpcCall<>(
        method, params, true, in -> in.isNull() ? Optional.empty() : Optional.of(reader.read(in)));
  }

  /** A call whose result is taken as JSON text, such as {@code anvil_} methods. */
  public static RpcCall<String> raw(String method, String params) {
    return new RpcCall<>(method, params, true, JsonInput::json);
  }

  /**
   * This call with its result turned into something else, so that calls of several kinds fit one
   * batch.
   */
  public <R> RpcCall<R> map(Function<T, R> function) {
    return new RpcCall<>(method, params, nullable, in -> function.apply(reader.read(in)));
  }
}
