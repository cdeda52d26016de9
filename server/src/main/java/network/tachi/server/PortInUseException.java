package network.tachi.server;

/** The port a server was told to bind is taken; the message is one line for the operator. */
public final class PortInUseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int port;

  PortInUseException(String server, String host, int port, Throwable cause) {
    super(
        server
            + " can't listen on "
            + host
            + ":"
            + port
            + ": the port is in use. Stop what uses it, or configure another port.",
        cause);
    this.port = port;
  }

  /** The port. */
  public int port() {
    return port;
  }
}
