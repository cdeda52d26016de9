package network.tachi.contracts.policy;

/**
 * A policy document that can't be read or contradicts itself. The message names the field, what was
 * found and what was expected.
 */
public final class InvalidPolicyException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String field;

  InvalidPolicyException(String field, String expected, String found) {
    super(field + ": expected " + expected + ", found " + found);
    this.field = field;
  }

  /** The field of the document that is wrong, such as {@code rules[2].price}. */
  public String field() {
    return field;
  }
}
