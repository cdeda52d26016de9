package network.tachi.queryapi;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import network.tachi.contracts.policy.InvalidPathException;
import network.tachi.contracts.policy.RequestPath;
import network.tachi.server.ApiException;

/**
 * The URL of a page, as a gateway prices it.
 *
 * @param domain lower case, A-labels, no trailing dot, no port (wire.md section 1)
 * @param path as it is fetched and as it is priced
 */
record ContentUrl(String domain, RequestPath path) {
  private static final Pattern URL =
      Pattern.compile("(?i:https?)://([^/?#@]+?)(?::[0-9]{1,5})?(/[^?#]*)?(?:\\?[^#]*)?(?:#.*)?");
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
        Fields.domain("url", parts.group(1)), path(path == null ? "/" : path, url));
  }

  private static RequestPath path(String raw, String url) {
    try {
      return RequestPath.parse(raw);
    } catch (InvalidPathException e) {
      throw ApiException.invalid("url", e.expected(), url);
    }
  }
}
