package network.tachi.evm;

/** Thrown when bytes are not canonical RLP, or not of the shape asked for. */
public final class RlpException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  RlpException(String message) {
    super("RLP: " + message);
  }
}
