package network.tachi.chainconfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Secrets are never written into configuration, only where they are: {@code env:NAME} or {@code
 * file:PATH}.
 */
public final class Secret {
  private static final String ENV = "env:";
  private static final String FILE = "file:";

  private Secret() {}

  /** True if the text says where a secret is. */
  public static boolean isReference(String text) {
    return text.startsWith(ENV) || text.startsWith(FILE);
  }

  /**
   * Reads a secret; surrounding white space is cut.
   *
   * @param reference {@code env:NAME} or {@code file:PATH}
   * @param key the configuration key, for errors
   * @throws ConfigException if the text is no reference (and may itself be a secret, so it is not
   *     repeated), or nothing is there
   */
  public static String read(String reference, String key, Map<String, String> environment) {
    if (reference.startsWith(ENV)) {
      String name = reference.substring(ENV.length());
      return Optional.ofNullable(environment.get(name))
          .map(String::strip)
          .filter(value -> !value.isEmpty())
          .orElseThrow(() ->
              new ConfigException(
                  "environment", key, "needs the variable " + name + ", which is not set"));
    }
    if (reference.startsWith(FILE)) {
      Path path = Path.of(reference.substring(FILE.length()));
      try {
        return Files.readString(path).strip();
      } catch (IOException e) {
        throw new ConfigException(
            "configuration", key, "needs the file " + path + ", which can't be read");
      }
    }
    throw new ConfigException(
        "configuration", key, "expected env:NAME or file:PATH; a secret itself is not taken here");
  }
}
