package network.tachi.evm;

/**
 * Thrown when bytes are not a key of the curve, or a private key was used after it was destroyed.
 */
public final class InvalidKeyException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  InvalidKeyException(String reason) {
    super(reason);
  }
}
