package network.tachi.contracts.policy;

/** A path that is malformed, or that origins would read in different ways. */
public final class InvalidPathException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String expected;
  private final String found;

  InvalidPathException(String expected, String found) {
    super("path: expected " + expected + ", found " + found);
    this.expected = expected;
    this.found = found;
  }

  /** What a path must be. */
  public String expected() {
    return expected;
  }

  /** The path. */
  public String found() {
    return found;
  }
}
