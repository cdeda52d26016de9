package network.tachi.evm.rpc;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an error of a node means.
 *
 * @param kind what to do about it
 * @param suggestedRange the blocks to ask for at once, if the node's words name them
 */
public record RpcFailure(RpcErrorKind kind, OptionalLong suggestedRange) {
  private static final int OK = 200;

  static RpcFailure of(RpcErrorKind kind) {
    return new RpcFailure(kind, OptionalLong.empty());
  }

  /** What an exception of a call means. */
  public static RpcFailure of(RpcException error) {
    return switch (error) {
      case RpcException.ErrorReply reply ->
          of(reply.httpStatus(), reply.code(), reply.nodeMessage() + reply.detail());
      case RpcException.HttpStatus status -> of(status.status(), 0, status.body());
      case RpcException.Timeout _ -> of(RpcErrorKind.TIMEOUT);
      case RpcException.TooLarge _ -> of(RpcErrorKind.BODY_TOO_LARGE);
      case RpcException.Interrupted _ -> of(RpcErrorKind.INTERRUPTED);
      case RpcException.Transport _, RpcException.Unavailable _ -> of(RpcErrorKind.BACKEND_DOWN);
      case RpcException.WrongChain _ -> of(RpcErrorKind.WRONG_CHAIN);
      case RpcException.NullResult _ -> of(RpcErrorKind.MISSING_DATA);
      case RpcException.Malformed _, RpcException.IdMismatch _ -> of(RpcErrorKind.MALFORMED);
    };
  }

  /**
   * What a node's answer means. The words count most, then the JSON-RPC code, then the HTTP status:
   * providers agree on the last two least.
   *
   * @param status the HTTP status
   * @param code the JSON-RPC error code, or 0 if there was none
   * @param message the node's words, with the text of the error's data
   */
  public static RpcFailure of(int status, int code, String message) {
    return ProviderErrors.byWords(message)
        .or(() -> ProviderErrors.byCode(code))
        .or(() -> status == OK ? Optional.empty() : ProviderErrors.byStatus(status))
        .orElseGet(() -> of(RpcErrorKind.UNKNOWN));
  }
}
