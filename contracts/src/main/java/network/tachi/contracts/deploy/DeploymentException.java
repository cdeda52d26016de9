package network.tachi.contracts.deploy;

/**
 * Thrown when a deployment cannot go on; the message says what was expected, what was found, and
 * what helps.
 */
public final class DeploymentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DeploymentException(String message) {
    super(message);
  }

  DeploymentException(String message, Throwable cause) {
    super(message, cause);
  }
}
