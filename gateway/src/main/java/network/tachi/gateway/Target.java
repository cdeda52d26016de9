package network.tachi.gateway;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.regex.Pattern;
import network.tachi.server.ApiException;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for. The path is in one normal form, by which it is priced and fetched alike:
 * otherwise a second spelling of a priced path could be fetched for nothing.
 *
 * @param domain lower case, A-labels, no trailing dot, no port (wire.md section 1)
 * @param path absolute, without dot segments, empty segments and needless percent-encoding
 * @param query as sent, or null if there is none
 */
record Target(String domain, String path, @Nullable String query) {
  private static final Pattern DOMAIN =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");
  private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");
  private static final Pattern QUERY =
      Pattern.compile("[A-Za-z0-9\\-._~!$&'()*+,;=:@/?%\\[\\]|^`{}\"<>\\\\]*");
  private static final String PATH_PLAIN = "-._~!$&'()*+,;=:@";
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
    return new Target(domain(host), normalPath(rawPath), query);
  }

  /** Scheme, host, path and query: what {@code contentId} is made of. */
  String url(String scheme) {
    return scheme + "://" + domain + pathAndQuery();
  }

  /** Path and query as they go to the origin. */
  String pathAndQuery() {
    return query == null ? path : path + "?" + query;
  }

  private static String domain(String host) {
    String name = PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
    name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    if (!DOMAIN.matcher(name).matches()) {
      throw ApiException.invalid("Host", "a domain name in A-labels", host);
    }
    return name;
  }

  private static String normalPath(String raw) {
    if (!raw.startsWith("/") || raw.length() > MAX_LENGTH) {
      throw ApiException.invalid("path", "an absolute path of at most 8192 characters", raw);
    }
    StringBuilder out = new StringBuilder(raw.length());
    int i = 0;
    while (i < raw.length()) {
      char c = raw.charAt(i);
      if (c == '%') {
        octet(raw, i, out);
        i += 3;
        continue;
      }
      if (c == '/') {
        slash(out);
      } else if (isUnreserved(c) || PATH_PLAIN.indexOf(c) >= 0) {
        out.append(c);
      } else {
        throw ApiException.invalid("path", "an RFC 3986 path", raw);
      }
      i++;
    }
    return withoutDots(out.toString(), raw);
  }

  private static void slash(StringBuilder out) {
    if (out.isEmpty() || out.charAt(out.length() - 1) != '/') {
      out.append('/');
    }
  }

  /**
   * A percent-encoded octet: plain if it need not be encoded, refused if origins read it as a
   * delimiter or worse.
   */
  private static void octet(String raw, int at, StringBuilder out) {
    int high = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 1), 16) : -1;
    int low = high >= 0 ? Character.digit(raw.charAt(at + 2), 16) : -1;
    if (low < 0) {
      throw ApiException.invalid("path", "two hex digits behind each %", raw);
    }
    char value = (char) (high << 4 | low);
    if (value == '/' || value == '\\' || value == 0) {
      throw ApiException.invalid("path", "no encoded slash, backslash or NUL", raw);
    }
    if (isUnreserved(value)) {
      out.append(value);
    } else {
      out.append('%').append(upper(high)).append(upper(low));
    }
  }

  private static char upper(int digit) {
    return Character.toUpperCase(Character.forDigit(digit, 16));
  }

  private static boolean isUnreserved(char c) {
    boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || "-._~".indexOf(c) >= 0;
  }

  private static String withoutDots(String path, String raw) {
    for (String segment : path.split("/", -1)) {
      int parameters = segment.indexOf(';');
      String plain = parameters < 0 ? segment : segment.substring(0, parameters);
      if (plain.equals(".") || plain.equals("..")) {
        throw ApiException.invalid("path", "no dot segments", raw);
      }
    }
    return path;
  }
}
