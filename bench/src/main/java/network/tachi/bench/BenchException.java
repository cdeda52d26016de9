package network.tachi.bench;

/** A benchmark cannot go on, or what it measured is wrong. */
final class BenchException extends RuntimeException {
  private static final long serialVersionUID = 1;

  BenchException(String message) {
    super(message);
  }

  BenchException(String message, Throwable cause) {
    super(message, cause);
  }
}
