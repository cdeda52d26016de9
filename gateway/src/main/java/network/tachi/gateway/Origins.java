package network.tachi.gateway;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import network.tachi.evm.InvalidValueException;

/**
 * Where the content of a domain is fetched. Nothing else is ever fetched, whatever a client sends.
 *
 * @param byHost base URL by host pattern: a domain, {@code *.} and a domain for everything below
 *     it, or {@code *}
 */
public record Origins(Map<String, URI> byHost) {
  private static final String ANY = "*";

  /**
   * Checks the base URLs.
   *
   * @throws InvalidValueException if one is not http or https with a host, or has query, fragment
   *     or user
   */
  public Origins {
    Map<String, URI> checked = new TreeMap<>();
    byHost.forEach((host, base) -> checked.put(host.toLowerCase(Locale.ROOT), check(host, base)));
    byHost = Map.copyOf(checked);
  }

  /** One origin for every domain. */
  public static Origins forAll(URI base) {
    return new Origins(Map.of(ANY, base));
  }

  /** The base URL of a domain; the closest pattern wins. */
  Optional<URI> of(String domain) {
    URI exact = byHost.get(domain);
    int dot = domain.indexOf('.');
    while (exact == null && dot >= 0) {
      exact = byHost.get("*" + domain.substring(dot));
      dot = domain.indexOf('.', dot + 1);
    }
    return Optional.ofNullable(exact == null ? byHost.get(ANY) : exact);
  }

  private static URI check(String host, URI base) {
    boolean http = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
    boolean bare =
        base.getRawQuery() == null
            && base.getRawFragment() == null
            && base.getRawUserInfo() == null;
    if (!http || base.getHost() == null || !bare) {
      throw new InvalidValueException(
          "origin of " + host,
          "an http or https URL without user, query and fragment",
          base.toString());
    }
    return base;
  }
}
