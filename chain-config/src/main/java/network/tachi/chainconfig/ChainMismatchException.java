package network.tachi.chainconfig;

/**
 * A chain is not what the configuration says. The message says what was expected and what was
 * found.
 */
public final class ChainMismatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ChainMismatchException(ChainSettings chain, String what, Object expected, Object found) {
    super("chain " + chain.key() + ": " + what + ": expected " + expected + ", found " + found);
  }
}
