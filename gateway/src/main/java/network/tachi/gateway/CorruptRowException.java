package network.tachi.gateway;

/** A row of the gateway's own tables can't be read: a defect, or somebody else wrote it. */
final class CorruptRowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CorruptRowException(String table, Throwable cause) {
    super("a row of " + table + " can't be read: " + cause.getMessage(), cause);
  }
}
