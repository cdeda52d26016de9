package network.tachi.gateway;

/**
 * A payment that can't be read. The message names the field, what was expected and what was found.
 */
final class MalformedPaymentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String field;
  private final String expected;
  private final String found;

  MalformedPaymentException(String field, String expected, String found) {
    super(field + ": expected " + expected + ", found " + found);
    this.field = field;
    this.expected = expected;
    this.found = found;
  }

  /** Such as {@code PAYMENT-SIGNATURE.payload.authorization.nonce}. */
  String field() {
    return field;
  }

  String expected() {
    return expected;
  }

  String found() {
    return found;
  }
}
