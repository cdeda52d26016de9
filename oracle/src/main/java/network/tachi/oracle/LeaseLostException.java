package network.tachi.oracle;

/**
 * Thrown when another process has become the writer of the log. Nothing of this one's transaction
 * was written.
 */
public final class LeaseLostException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  LeaseLostException(String message) {
    super(message);
  }
}
