package network.tachi.oracle;

/** Thrown instead of signing an index twice: the database is older than what was signed from it. */
public final class LogRolledBackException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  LogRolledBackException(String message) {
    super(message);
  }

  LogRolledBackException(String message, Throwable cause) {
    super(message, cause);
  }
}
