package network.tachi.queryapi;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import network.tachi.server.ApiException;

/**
 * The URL of a page, as a gateway prices it: the same page spelled in another way has the same
 * price.
 *
 * @param domain lower case, A-labels, no trailing dot, no port (wire.md section 1)
 * @param path absolute, without dot segments, empty segments and needless percent-encoding
 */
record ContentUrl(String domain, String path) {
  private static final Pattern URL =
      Pattern.compile("(?i:https?)://([^/?#@]+?)(?::[0-9]{1,5})?(/[^?#]*)?(?:\\?[^#]*)?(?:#.*)?");
  private static final String PLAIN = "-._~!$&'()*+,;=:@";
  private static final String UNRESERVED = "-._~";
  private static final int MAX_LENGTH = 8192;

  /**
   * Reads an absolute {@code http} or {@code https} URL.
   *
   * @throws ApiException naming the field {@code url} if it is something else
   */
  static ContentUrl parse(String url) {
    Matcher parts = URL.matcher(url);
    if (url.length() > MAX_LENGTH || !parts.matches()) {
      throw ApiException.invalid("url", "an absolute http or https URL", url);
    }
    String path = parts.group(2);
    return new ContentUrl(
        Fields.domain("url", parts.group(1)), path == null ? "/" : normal(path, url));
  }

  private static String normal(String path, String url) {
    StringBuilder out = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '%') {
        octet(path, i, out, url);
        i += 2;
      } else if (isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0) {
        out.append(c);
      } else if (c == '/') {
        slash(out);
      } else {
        throw ApiException.invalid("url", "an RFC 3986 path", url);
      }
    }
    for (String segment : out.toString().split("/", -1)) {
      String plain = segment.replaceFirst(";.*", "");
      if (plain.equals(".") || plain.equals("..")) {
        throw ApiException.invalid("url", "no dot segments", url);
      }
    }
    return out.toString();
  }

  private static void slash(StringBuilder out) {
    if (out.isEmpty() || out.charAt(out.length() - 1) != '/') {
      out.append('/');
    }
  }

  private static void octet(String path, int at, StringBuilder out, String url) {
    int high = at + 2 < path.length() ? Character.digit(path.charAt(at + 1), 16) : -1;
    int low = high >= 0 ? Character.digit(path.charAt(at + 2), 16) : -1;
    if (low < 0) {
      throw ApiException.invalid("url", "two hex digits behind each %", url);
    }
    char value = (char) (high << 4 | low);
    if (value == '/' || value == '\\' || value == 0) {
      throw ApiException.invalid("url", "no encoded slash, backslash or NUL", url);
    }
    if (isLetterOrDigit(value) || UNRESERVED.indexOf(value) >= 0) {
      out.append(value);
    } else {
      out.append('%').append(hex(high)).append(hex(low));
    }
  }

  private static char hex(int digit) {
    return Character.toUpperCase(Character.forDigit(digit, 16));
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
