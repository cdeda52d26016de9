package network.tachi.app;

import java.nio.file.Path;
import network.tachi.app.local.LocalHome;

/** Where the repository and its state are. */
final class Homes {
  private Homes() {}

  /** The repository, as the launcher says; the working directory when started without it. */
  static Path repository() {
    return Path.of(System.getProperty("tachi.home", "")).toAbsolutePath().normalize();
  }

  /**
   * The folder of all state, {@code .tachi} in the repository unless {@code tachi.state} says
   * otherwise.
   */
  static LocalHome state() {
    String other = System.getProperty("tachi.state", "");
    return new LocalHome(
        other.isEmpty() ? repository().resolve(".tachi") : Path.of(other).toAbsolutePath());
  }
}
