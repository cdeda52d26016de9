package network.tachi.oracle;

/** Thrown when an oracle can't begin its work: keys, chain and database don't belong together. */
public final class OracleStartException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  OracleStartException(String message) {
    super(message);
  }
}
