package network.tachi.indexer;

/**
 * Thrown when a projection cannot be deployed, gone back to, or dropped; nothing has changed then.
 */
public final class ProjectionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ProjectionException(String message) {
    super(message);
  }
}
