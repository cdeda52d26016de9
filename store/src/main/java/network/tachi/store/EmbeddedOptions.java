package network.tachi.store;

import java.nio.file.Path;
import network.tachi.evm.InvalidValueException;

/**
 * How to run the embedded server.
 *
 * @param directory holds the data, the password file, the port file and the log; kept between runs
 * @param binaries where the server's files are unpacked to, once for each version
 * @param port the port on loopback; 0 keeps the last one, or picks a free one
 * @param durable false gives up safety against power cuts for speed, as tests do
 */
public record EmbeddedOptions(Path directory, Path binaries, int port, boolean durable) {
  private static final int MAX_PORT = 65_535;

  /** Checks the port. */
  public EmbeddedOptions {
    if (port < 0 || port > MAX_PORT) {
      throw new InvalidValueException("database port", "0 to " + MAX_PORT, Integer.toString(port));
    }
    directory = directory.toAbsolutePath().normalize();
    binaries = binaries.toAbsolutePath().normalize();
  }

  /** A durable server on any free port, its files unpacked below the user's cache folder. */
  public static EmbeddedOptions in(Path directory) {
    Path cache = Path.of(System.getProperty("user.home"), ".cache", "tachi", "postgres");
    return new EmbeddedOptions(directory, cache, 0, true);
  }

  /** The same on a given port. */
  public EmbeddedOptions withPort(int newPort) {
    return new EmbeddedOptions(directory, binaries, newPort, durable);
  }

  /**
   * The same without safety against power cuts, for tests. A killed process still loses nothing.
   */
  public EmbeddedOptions notDurable() {
    return new EmbeddedOptions(directory, binaries, port, false);
  }

  Path data() {
    return directory.resolve("data");
  }

  Path log() {
    return directory.resolve("postgres.log");
  }
}
