package network.tachi.contracts.policy;

import static java.util.Objects.requireNonNull;

/**
 * The path of a request, in two forms. Origins differ in which spellings they take for one page
 * (RFC 3986 section 6.2.2): one decodes {@code %40}, one cuts {@code ;parameters} off. So a path is
 * priced by a form in which all these are one, or a second spelling of a priced page would be free.
 * What still differs are origins that ignore case or a trailing dot: there, rules must cover a
 * whole folder.
 *
 * @param path absolute, without dot segments, empty segments and needlessly encoded octets: what is
 *     fetched
 * @param priced the same, with every octet plain that may be, and without parameters: what rules
 *     are matched against
 */
public record RequestPath(String path, String priced) {
  private static final String UNRESERVED = "-._~";
  private static final String SUB_DELIMITERS = "!$&'()*+,;=:@";
  private static final int MAX_LENGTH = 8192;

  /** Checks that both are there. */
  public RequestPath {
    requireNonNull(path, "path is null");
    requireNonNull(priced, "priced is null");
  }

  /**
   * Reads the raw path of a request.
   *
   * @throws InvalidPathException if it is not an absolute path of RFC 3986, longer than 8192
   *     characters, or one that origins read in different ways: with dot segments, or an encoded
   *     slash, backslash or NUL
   */
  public static RequestPath parse(String raw) {
    if (!raw.startsWith("/") || raw.length() > MAX_LENGTH) {
      throw new InvalidPathException("an absolute path of at most 8192 characters", raw);
    }
    StringBuilder path = new StringBuilder(raw.length());
    StringBuilder plain = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        octet(raw, i, path, plain);
        i += 2;
      } else if (c == '/') {
        slash(path);
        slash(plain);
      } else if (isUnreserved(c) || SUB_DELIMITERS.indexOf(c) >= 0) {
        path.append(c);
        plain.append(c);
      } else {
        throw new InvalidPathException("an RFC 3986 path", raw);
      }
    }
    return new RequestPath(path.toString(), withoutParameters(plain.toString(), raw));
  }

  /**
   * Checks the path of a rule: it must have the form that requests are matched in, or it would
   * never match.
   *
   * @param rule absolute path; a final {@code *} matches any rest
   * @throws InvalidPathException if it has another form
   */
  public static void requireRule(String rule) {
    String fixed = rule.endsWith("*") ? rule.substring(0, rule.length() - 1) : rule;
    String form = parse(fixed).priced();
    if (!form.equals(fixed)) {
      throw new InvalidPathException("the form that requests are matched in, " + form, rule);
    }
  }

  private static void slash(StringBuilder out) {
    if (out.isEmpty() || out.charAt(out.length() - 1) != '/') {
      out.append('/');
    }
  }

  private static void octet(String raw, int at, StringBuilder path, StringBuilder plain) {
    int high = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 1), 16) : -1;
    int low = high >= 0 ? Character.digit(raw.charAt(at + 2), 16) : -1;
    if (low < 0) {
      throw new InvalidPathException("two hex digits behind each %", raw);
    }
    char value = (char) (high << 4 | low);
    if (value == '/' || value == '\\' || value == 0) {
      throw new InvalidPathException("no encoded slash, backslash or NUL", raw);
    }
    String encoded = "%" + upper(high) + upper(low);
    boolean unreserved = isUnreserved(value);
    boolean same = unreserved || SUB_DELIMITERS.indexOf(value) >= 0;
    path.append(unreserved ? String.valueOf(value) : encoded);
    plain.append(same ? String.valueOf(value) : encoded);
  }

  private static char upper(int digit) {
    return Character.toUpperCase(Character.forDigit(digit, 16));
  }

  private static boolean isUnreserved(char c) {
    boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || UNRESERVED.indexOf(c) >= 0;
  }

  /** Without {@code ;parameters}, and without the empty segments that this may leave. */
  private static String withoutParameters(String path, String raw) {
    StringBuilder out = new StringBuilder(path.length());
    String[] segments = path.split("/", -1);
    for (int i = 1; i < segments.length; i++) {
      int parameters = segments[i].indexOf(';');
      String segment = parameters < 0 ? segments[i] : segments[i].substring(0, parameters);
      if (segment.equals(".") || segment.equals("..")) {
        throw new InvalidPathException("no dot segments", raw);
      }
      slash(out);
      out.append(segment);
    }
    return out.toString();
  }
}
