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

  /** The folder of all state. */
  static LocalHome state() {
    return new LocalHome(repository().resolve(".tachi"));
  }
}
