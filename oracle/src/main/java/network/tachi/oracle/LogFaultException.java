package network.tachi.oracle;

/** Thrown when the log breaks its own rules, or does not give the header that is to be signed. */
public final class LogFaultException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  LogFaultException(String message) {
    super(message);
  }
}
