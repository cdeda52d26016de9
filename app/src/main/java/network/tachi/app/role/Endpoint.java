package network.tachi.app.role;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import network.tachi.app.UserError;

/**
 * Where something listens.
 *
 * @param host name or address
 * @param port 0 to 65535; 0 takes a free one
 */
public record Endpoint(String host, int port) {
  private static final int MAX_PORT = 65_535;
  private static final Pattern HOST_AND_PORT = Pattern.compile("(.+):(\\d{1,5})");

  /**
   * Reads {@code host:port}.
   *
   * @param option for the message
   * @throws UserError if it is no such thing
   */
  public static Endpoint parse(String option, String text) {
    Matcher parts = HOST_AND_PORT.matcher(text);
    int port = parts.matches() ? Integer.parseInt(parts.group(2)) : -1;
    if (port < 0 || port > MAX_PORT) {
      throw new UserError(option + ": expected host:port, such as 127.0.0.1:8080, found " + text);
    }
    return new Endpoint(parts.group(1), port);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
