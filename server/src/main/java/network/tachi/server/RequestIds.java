package network.tachi.server;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names each call, so that what a client saw can be found in the logs. */
final class RequestIds {
  /** The header, metadata and trailer that carries the id, in both directions. */
  static final String HEADER = "x-request-id";

  private static final Pattern ACCEPTED = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

  private RequestIds() {}

  /** The client's own id if it is harmless, else a new one. */
  static String acceptOrCreate(@Nullable String fromClient) {
    return fromClient != null && ACCEPTED.matcher(fromClient).matches() ? fromClient : create();
  }

  /** 16 hex digits; unique enough to find a line in a log, not a secret. */
  static String create() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }
}
