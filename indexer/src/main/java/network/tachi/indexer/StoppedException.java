package network.tachi.indexer;

/** The indexer was asked to stop while it waited. */
final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  StoppedException() {
    super("stopped");
  }
}
