package network.tachi.evm;

/** Thrown when a difference of amounts would be less than nothing. */
public final class AmountUnderflowException extends ArithmeticException {
  private static final long serialVersionUID = 1L;

  AmountUnderflowException(String operation) {
    super("amount would be negative: " + operation);
  }
}
