package network.tachi.evm.rpc;

/** The outcome of one call of a batch. */
public sealed interface RpcReply<T> {
  /**
   * A result.
   *
   * @param value the result
   */
  record Ok<T>(T value) implements RpcReply<T> {}

  /**
   * No result.
   *
   * @param error why
   */
  record Failed<T>(RpcException error) implements RpcReply<T> {}

  /**
   * The result.
   *
   * @throws RpcException if there is none
   */
  default T orThrow() {
    return switch (this) {
      case Ok<T>(T value) -> value;
      case Failed<T>(RpcException error) -> throw error;
    };
  }
}
