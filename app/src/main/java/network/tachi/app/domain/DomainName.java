package network.tachi.app.domain;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;
import network.tachi.app.UserError;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;

/**
 * A public domain name as the licence contract takes it: lower case, A-labels, no trailing dot.
 *
 * @param text the name
 */
public record DomainName(String text) {
  private static final int MAX_LENGTH = 253;
  private static final Pattern LABELS =
      Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?");

  /** Checks the form; an address of digits and dots is no name. */
  public DomainName {
    if (text.length() > MAX_LENGTH || !LABELS.matcher(text).matches()) {
      throw new UserError(
          "domain: expected a public name such as news.example, without scheme, port and path,"
              + " found "
              + text);
    }
  }

  /**
   * Reads what a person wrote; other scripts become A-labels.
   *
   * @throws UserError if it is no public domain name
   */
  public static DomainName parse(String text) {
    try {
      return new DomainName(IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new UserError("domain: expected a public name, found " + text, e);
    }
  }

  /** The contract's key of the domain. */
  public Hash hash() {
    return Keccak.hash(text);
  }
}
