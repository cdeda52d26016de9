package network.tachi.gateway;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * Which header fields pass the gateway (RFC 9110 section 7.6.1, and what is between the client and
 * us alone).
 */
final class HopByHop {
  private static final Set<String> CONNECTION =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings");

  /**
   * The client's secrets and payments, what we set ourselves, what the HTTP client sets, and by
   * what some origins let a request say that it is another one than it was priced as.
   */
  private static final Set<String> NOT_TO_ORIGIN =
      Set.of(
          "authorization",
          "cookie",
          "payment-signature",
          "x-payment",
          "sign-in-with-x",
          "host",
          "content-length",
          "expect",
          "forwarded",
          "via",
          "x-real-ip",
          "x-original-url",
          "x-original-uri",
          "x-rewrite-url",
          "x-http-method",
          "x-http-method-override",
          "x-method-override");

  /** What only the gateway may say. */
  private static final Set<String> NOT_TO_CLIENT =
      Set.of(
          "content-length",
          "payment-required",
          "payment-response",
          "x-payment-response",
          "payment-settlement",
          "settlement-overrides",
          "tachi-attestation",
          "tachi-refusal",
          "crawler-price",
          "crawler-charged",
          "crawler-error");

  private HopByHop() {}

  static boolean passesToOrigin(String name, HttpFields request) {
    return passes(name, request)
        && !NOT_TO_ORIGIN.contains(name)
        && !name.startsWith("x-forwarded-")
        && !name.startsWith(":");
  }

  static boolean passesToClient(String name, HttpFields response) {
    return passes(name, response) && !NOT_TO_CLIENT.contains(name) && !name.startsWith(":");
  }

  private static boolean passes(String name, HttpFields all) {
    return !CONNECTION.contains(name)
        && all.all("connection").stream()
            .flatMap(value -> Arrays.stream(value.toLowerCase(Locale.ROOT).split(",")))
            .noneMatch(token -> token.strip().equals(name));
  }
}
