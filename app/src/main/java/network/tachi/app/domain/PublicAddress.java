package network.tachi.app.domain;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Tells addresses of the public Internet from those inside somebody's network. */
final class PublicAddress {
  private PublicAddress() {}

  /** Whether everyone on the Internet reaches the same host there (IANA special-purpose ranges). */
  static boolean is(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    int first = bytes[0] & 0xff;
    int second = bytes[1] & 0xff;
    int third = bytes[2] & 0xff;
    if (address instanceof Inet4Address) {
      return !(first == 0
          || first >= 240
          || (first == 100 && (second & 0xc0) == 64)
          || (first == 192 && second == 0 && (third == 0 || third == 2))
          || (first == 198 && (second & 0xfe) == 18)
          || (first == 198 && second == 51 && third == 100)
          || (first == 203 && second == 0 && third == 113));
    }
    // Only 2000::/3 is given out; of it, 2001::/23 and 2002::/16 tunnel to other addresses, and
    // 2001:db8::/32 and 3fff::/20 are for documents.
    boolean tunnel = first == 0x20 && (second == 0x02 || (second == 0x01 && (third & 0xfe) == 0));
    boolean document =
        (first == 0x20 && second == 0x01 && third == 0x0d && (bytes[3] & 0xff) == 0xb8)
            || (first == 0x3f && second == 0xff && (third & 0xf0) == 0);
    return (first & 0xe0) == 0x20 && !tunnel && !document;
  }
}
