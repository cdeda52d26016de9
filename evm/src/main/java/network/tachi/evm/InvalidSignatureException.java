package network.tachi.evm;

/**
 * Thrown when bytes are not a signature in canonical form: scalars out of range, a high s, or an
 * unknown v.
 */
public final class InvalidSignatureException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  InvalidSignatureException(String reason) {
    super("not a canonical signature: " + reason);
  }
}
