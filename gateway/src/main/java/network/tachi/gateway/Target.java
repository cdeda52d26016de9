package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.regex.Pattern;
import network.tachi.contracts.policy.InvalidPathException;
import network.tachi.contracts.policy.RequestPath;
import network.tachi.server.ApiException;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for.
 *
 * @param domain lower case, A-labels, no trailing dot, no port (wire.md section 1)
 * @param path as it is fetched and as it is priced
 * @param query as sent, or null if there is none
 */
record Target(String domain, RequestPath path, @Nullable String query) {
  private static final Pattern DOMAIN =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");
  private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");
  private static final Pattern QUERY =
      Pattern.compile("[A-Za-z0-9\\-._~!$&'()*+,;=:@/?%\\[\\]|^`{}\"<>\\\\]*");
  private static final int MAX_LENGTH = 8192;

  Target {
    requireNonNull(domain, "domain is null");
    requireNonNull(path, "path is null");
  }

  /**
   * Reads a request line.
   *
   * @param host of the Host header or {@code :authority}
   * @throws ApiException if host, path or query is malformed
   */
  static Target of(String host, String rawPath, @Nullable String rawQuery) {
    String query = rawQuery == null || rawQuery.isEmpty() ? null : rawQuery;
    if (query != null && (query.length() > MAX_LENGTH || !QUERY.matcher(query).matches())) {
      throw ApiException.invalid("query", "an RFC 3986 query of at most 8192 characters", query);
    }
    return new Target(domain(host), path(rawPath), query);
  }

  /** Scheme, host, path and query: what {@code contentId} is made of. */
  String url(String scheme) {
    return scheme + "://" + domain + pathAndQuery();
  }

  /** Path and query as they go to the origin. */
  String pathAndQuery() {
    return query == null ? path.path() : path.path() + "?" + query;
  }

  private static String domain(String host) {
    String name = PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
    name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    if (!DOMAIN.matcher(name).matches()) {
      throw ApiException.invalid("Host", "a domain name in A-labels", host);
    }
    return name;
  }

  private static RequestPath path(String raw) {
    try {
      return RequestPath.parse(raw);
    } catch (InvalidPathException e) {
      throw ApiException.invalid("path", e.expected(), e.found());
    }
  }
}
