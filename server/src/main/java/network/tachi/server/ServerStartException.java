package network.tachi.server;

import org.jspecify.annotations.Nullable;

/** A server could not start; the message is one line for the operator. */
public final class ServerStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ServerStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
