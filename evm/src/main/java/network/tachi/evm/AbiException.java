package network.tachi.evm;

/**
 * Thrown when bytes do not hold the ABI value asked for: too short, an offset out of bounds, or
 * dirty padding.
 */
public final class AbiException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  AbiException(String message) {
    super("ABI: " + message);
  }
}
