package network.tachi.chainconfig;

/**
 * A configuration that can't be used. The message names the source, the key, what was expected and
 * what was found.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String key;

  ConfigException(String source, String key, String expected, String found) {
    super(source + ": " + key + ": expected " + expected + ", found " + found);
    this.key = key;
  }

  ConfigException(String source, String key, String message) {
    super(source + ": " + key + ": " + message);
    this.key = key;
  }

  /** The key that is wrong, such as {@code chains.base.usdc.address}. */
  public String key() {
    return key;
  }
}
