package network.tachi.indexer;

/** Thrown when a projection cannot be made again now; nothing was changed. */
public final class ReplayRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ReplayRefusedException(String reason) {
    super(reason);
  }
}
