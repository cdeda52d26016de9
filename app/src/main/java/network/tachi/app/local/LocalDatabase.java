package network.tachi.app.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import network.tachi.app.UserError;
import network.tachi.store.DatabaseSettings;

/** The database of a local network that runs in another process. */
public final class LocalDatabase {
  private LocalDatabase() {}

  /**
   * How to reach it.
   *
   * @throws UserError if no local network was ever started here
   */
  public static DatabaseSettings settings(LocalHome home, Ports ports) {
    Path password = home.postgres().resolve("password");
    try {
      return DatabaseSettings.of(
          "jdbc:postgresql://127.0.0.1:" + ports.postgres() + "/tachi",
          Files.readString(password).strip());
    } catch (IOException e) {
      throw new UserError(
          "no local network here: start one with ./tachi up in another terminal", e);
    }
  }
}
