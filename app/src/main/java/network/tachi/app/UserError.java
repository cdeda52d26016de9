package network.tachi.app;

/** Something the user can mend; the message is one line that says what is wrong and what to do. */
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error with its one line. */
  public UserError(String message) {
    super(message);
  }

  /** An error with its one line and what caused it. */
  public UserError(String message, Throwable cause) {
    super(message, cause);
  }
}
