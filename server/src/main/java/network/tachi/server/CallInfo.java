package network.tachi.server;

import static java.util.Objects.requireNonNull;

import io.grpc.Context;
import java.util.Optional;

/**
 * Who calls, as every interceptor and service may ask; the same on REST and gRPC.
 *
 * @param requestId names the call in logs and answers
 * @param client what limits are counted by: the peer's IP address
 */
public record CallInfo(String requestId, String client) {
  static final Context.Key<CallInfo> KEY = Context.key("tachi-call-info");

  /** Checks that nothing is missing. */
  public CallInfo {
    requireNonNull(requestId, "requestId is null");
    requireNonNull(client, "client is null");
  }

  /** The call that the current gRPC {@link Context} belongs to, if any. */
  public static Optional<CallInfo> current() {
    return Optional.ofNullable(KEY.get());
  }

  static String currentRequestId() {
    CallInfo info = KEY.get();
    return info == null ? RequestIds.create() : info.requestId();
  }
}
