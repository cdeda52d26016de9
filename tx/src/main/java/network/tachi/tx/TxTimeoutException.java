package network.tachi.tx;

import java.time.Duration;

/** A transaction did not reach the wanted state in time; it stays in the outbox and goes on. */
public final class TxTimeoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TxTimeoutException(String kind, String key, Duration waited) {
    super(kind + " " + key + " is not included after " + waited.toMillis() + " ms");
  }
}
