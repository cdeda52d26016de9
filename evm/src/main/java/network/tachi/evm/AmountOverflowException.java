package network.tachi.evm;

/** Thrown when a sum or product of amounts is greater than an amount can be. */
public final class AmountOverflowException extends ArithmeticException {
  private static final long serialVersionUID = 1L;

  AmountOverflowException(String operation) {
    super("amount is too large: " + operation);
  }
}
