package network.tachi.evm;

/** Thrown when a value does not have the form its type demands. */
public final class InvalidValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private static final int MAX_FOUND_LENGTH = 80;

  private final String field;
  private final String expected;
  private final String found;

  /**
   * Creates the exception; the message says field, expectation and what was found.
   *
   * @param field what the value is for, such as {@code address}
   * @param expected the form that was expected
   * @param found what was there instead; cut if long
   */
  public InvalidValueException(String field, String expected, String found) {
    super(field + ": expected " + expected + ", found " + shorten(found));
    this.field = field;
    this.expected = expected;
    this.found = shorten(found);
  }

  /** What the value is for. */
  public String field() {
    return field;
  }

  /** The form that was expected. */
  public String expected() {
    return expected;
  }

  /** What was found, cut to a readable length. */
  public String found() {
    return found;
  }

  private static String shorten(String text) {
    return text.length() <= MAX_FOUND_LENGTH
        ? text
        : text.substring(0, MAX_FOUND_LENGTH) + "... (" + text.length() + " chars)";
  }
}
