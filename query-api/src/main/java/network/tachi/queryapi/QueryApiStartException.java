package network.tachi.queryapi;

/** The query API can't start. */
public final class QueryApiStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  QueryApiStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
