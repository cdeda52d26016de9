package network.tachi.contracts.deploy;

/** Thrown when a transaction reverts, or is not mined in time. */
public final class TransactionFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception; for every {@link TxSender}. */
  public TransactionFailedException(String message) {
    super(message);
  }

  /** Creates the exception with its cause; for every {@link TxSender}. */
  public TransactionFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
