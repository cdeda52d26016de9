package network.tachi.queryapi;

import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.InvalidSignatureException;
import network.tachi.evm.InvalidValueException;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Signature;
import network.tachi.server.ApiException;

/** Reads request fields; what is malformed is refused by the field's JSON name. */
final class Fields {
  /** A host name of wire.md section 1. */
  private static final Pattern DOMAIN =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

  private static final int MAX_DOMAIN = 253;

  private Fields() {}

  static LicenseId license(String text) {
    return parse("licenseId", text, LicenseId::parse);
  }

  static Hash hash(String field, String text) {
    return parse(field, text, Hash::parse);
  }

  static Address address(String field, String text) {
    return parse(field, text, Address::parse);
  }

  static Signature signature(String field, String text) {
    try {
      return parse(field, text, Signature::parse);
    } catch (InvalidSignatureException _) {
      throw ApiException.invalid(field, "a low-s signature of 65 bytes, r, s, v", text);
    }
  }

  /** A count or index of the wire format that must fit 63 bits. */
  static long number(String field, long value) {
    if (value < 0) {
      throw ApiException.invalid(field, "0 to 2^63-1", Long.toUnsignedString(value));
    }
    return value;
  }

  /** A domain in the form that is hashed: lower case, no trailing dot. */
  static String domain(String field, String text) {
    String name = text.toLowerCase(Locale.ROOT);
    name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    if (!DOMAIN.matcher(name).matches()) {
      throw ApiException.invalid(field, "a domain name in A-labels", text);
    }
    return name;
  }

  /** A text to look for in domains, in lower case. */
  static String domainPart(String text) {
    if (text.length() > MAX_DOMAIN || text.indexOf(0) >= 0) {
      throw ApiException.invalid("domain", "at most " + MAX_DOMAIN + " characters", text);
    }
    return text.toLowerCase(Locale.ROOT);
  }

  private static <T> T parse(String field, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (InvalidValueException e) {
      throw ApiException.invalid(field, e.expected(), e.found());
    }
  }
}
