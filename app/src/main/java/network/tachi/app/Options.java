package network.tachi.app;

import network.tachi.app.local.Ports;

/** Checks of options that several commands share. */
final class Options {
  private static final int MAX_OFFSET = 50_000;

  private Options() {}

  /**
   * The ports at an offset.
   *
   * @throws UserError if a port would not be one
   */
  static Ports ports(int offset) {
    if (offset < 0 || offset > MAX_OFFSET) {
      throw new UserError("--port-offset: expected 0 to " + MAX_OFFSET + ", found " + offset);
    }
    return Ports.withOffset(offset);
  }
}
