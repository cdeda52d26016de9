package network.tachi.indexer;

/**
 * A state that the indexer must not resolve by itself. Nothing is written until it is gone; the
 * message says what to do.
 */
public abstract sealed class IndexerHaltedException extends RuntimeException
    permits ReorgBelowFinalizedException,
        HeadBelowFinalizedException,
        WrongChainException,
        GenesisMismatchException,
        ContractAddedException,
        UnknownProjectionException,
        UndecodableEventException {
  private static final long serialVersionUID = 1;

  IndexerHaltedException(String message) {
    super(message);
  }

  IndexerHaltedException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The stable code that alarms and runbooks use, such as {@code reorg_below_finalized}. */
  public abstract String code();
}
